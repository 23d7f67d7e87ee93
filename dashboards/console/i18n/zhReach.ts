/** Simplified Chinese of whoever is reached outside the screens: the roster, the channels, what people were told. */
export const zhReach = {
  week: {
    mon: "周一", tue: "周二", wed: "周三", thu: "周四", fri: "周五", sat: "周六", sun: "周日", every_day: "每天", from_to: "{{from}}至{{to}}", and: "、", all_day: "全天", till_next_day: "{{from}}–次日 {{to}}", when: "{{days}} {{hours}}", at: "{{day}} {{time}}",
    stretch: "{{from}} 至 {{to}}", whole_week: "整个星期",
  },
  channel: { sms: "短信", voice: "语音电话", webhook: "其他平台（Webhook）", email: "电子邮件", handset: "终端", screen: "屏幕", websocket: "屏幕" },
  reach: {
    title: "没有人接警时，找得到人吗", sound: "找得到：每个小时都有人值班，渠道也通过了测试。", sound_now: "现在会找：{{names}}。", tried_now: "现在只能试着找：{{names}}。渠道没有通过测试，或只有邮件，不一定找得到。", nobody_now: "现在谁也找不到。", loading: "正在核对值班表和渠道…", failed: "值班表或渠道读取失败，不知道能不能找到人。",
    no_channel: "短信和语音都没有在 30 天内通过测试。没有人接警时，谁也通知不到。", empty: "没有人值班：{{hours}}。", uncounted: "有人值班，但渠道没有通过测试，或只有邮件，不作数：{{hours}}。",
    between: "；", to_roster: "去排值班", to_channels: "去测试渠道", to_ladder: "看升级阶梯",
    relation: "升级阶梯每一轮的最后一级（roster）呼叫当时在值班表上的人，用电话或短信。屏幕前的人不算，因为屏幕前可能没有人。",
    relation_ladder: "文本里的 roster 就是“值班与联络”里当时在班的人。阶梯照常运行，但没有人在班、或渠道没有测试过，那一级就是空的。系统会在页面顶部说明，不会悄悄跳过。",
  },
  roster: {
    menu: "值班与联络", title: "值班与联络", explain: "没有人接警时，按这张表用短信或电话找人。时间为北京时间，每周重复。", none: "值班表上还没有人。", add: "加一个班", list: "值班的人",
    picture: "一周值班图", nobody: "无人", uncounted: "不作数", key: "虚线框的班不作数：渠道没有通过测试，或只有邮件。", now: "现在", on_now: "现在在班", day: "{{day}}：{{pieces}}。", piece: "{{hours}} {{name}}", name: "姓名", name_hint: "例如：值班主任 李强", days: "星期几（按开始的那一天）", every_day: "每天", weekdays: "工作日", weekend: "周末", from: "开始", to: "结束",
    to_hint: "结束不晚于开始，就算到次日；两个时间相同即 24 小时。", channel: "怎么联系", telephone: "电话号码", email: "邮箱", address_hint: "加密保存，以后只显示末四位。", address_again: "原号码不显示，请重新填写完整。", email_hint: "邮件不会把人吵醒，这个班不作数：请用电话或短信。", untested: "这个渠道没有通过测试，这个班现在不作数。",
    edit: "更改", edit_whose: "更改 {{name}} 的班", take_off: "去掉", take_off_whose: "去掉 {{name}} 的班", save: "保存更改", save_new: "加入值班表", undo: "撤销", undo_in: "撤销（{{n}} 秒）", leaving_now: "即将去掉",
    done: { added: "已加入：{{name}}，{{when}}。", changed: "已更改：{{name}}，{{when}}。原来的班即将去掉。", leaving: "{{name}}，{{when}}：即将从值班表去掉。", gone: "已去掉：{{name}}，{{when}}。", undone: "已撤销，值班表和原来一样。" },
    not_undone: "没有撤销成功：{{why}}", not_gone: "原来的班没有去掉，请再试一次：{{why}}",
    fault: { needed: "请填写。", long: "最多 {{n}} 个字。", days: "请至少选一天。", time: "没有这样的时间，例如 22:00。", telephone: "不像电话号码：5 到 20 位数字。", email: "不像邮箱地址。", masked: "这里带着星号，请填完整的号码。" },
  },
  channels: {
    menu: "通知渠道", title: "通知渠道", explain: "短信和语音由服务商的网关送出。测试会真的发出一条，通过的 30 天内有效。", set_up_in: "在服务器的配置里设置，见 docs/notify.md。",
    standing: { counts: "通过测试", failed: "最近一次没有通过", old: "测试已过期", untested: "还没有测试", not_set_up: "没有设置" },
    what: { counts: "升级时用得上，{{time}} 前有效。", failed: "升级时不作数。", old: "升级时不作数：最近一次通过已超过 30 天。", untested: "升级时不作数：先发一条测试。", not_set_up: "升级时用不上。" },
    last: "最近一次测试", last_at: "{{time}}，{{age}}，{{by}}", took: "往返 {{n}} 毫秒", long_took: "往返 {{n}} 秒", provider: "对方编号 {{id}}", said: "原话：", needs: "服务的班：{{names}}", serves_nobody: "值班表上没有人用它。",
    to: { sms: "发到哪个手机号", voice: "打给哪个电话", webhook: "发给哪个接收方（配置里的名称）", email: "发到哪个邮箱", handset: "终端编号：会播报一句话并应答" }, test: "发送测试", test_of: "发送测试：{{channel}}", testing: "正在等对方应答…", passed: "{{channel}}通过：{{took}}。请看看真的收到了没有。", not_passed: "{{channel}}没有通过。",
    unanswered: "没有等到结果：网关太慢，或者网络断了。请查看下面最近一次测试。",
    cause: {
      not_set_up: "这个渠道没有设置网关。", for_good: "网关拒绝了，再试也一样：请核对号码和账号。", refused: "网关收到了但拒绝发送：请核对余额、签名和模板。", status: "网关应答了错误 {{status}}：请联系服务商。", silent: "网关没有应答：请检查网络，或者服务商是否正常。",
      unreachable: "连不上网关：请检查网络和配置里的地址。", unlike: "发不出去：地址或接收方不对。", away: "终端没有连上，没有收到这句话：请看它是否开机、有信号。", no_screen: "您在这个服务进程上没有打开的屏幕：请打开值班页面再试。", no_answer: "已送到，但没有应答：请看终端或屏幕是否还在工作。", other: "没有成功。",
    },
  },
  notices: {
    title: "通知", show: "看通知了谁", hide: "收起", explain: "警情和任务上了谁的屏幕；没有人接警时，系统在屏幕之外又通知了谁。每次查看都会记入日志。", none: "还没有通知任何人。", renew: "刷新",
    kind: { roster: "值班", relative: "家属", station: "服务站", webhook: "其他平台", handset: "终端播报", desk: "坐席" }, state: { sent: "已送出", delivered: "已到手机", seen: "已接听或读过", acknowledged: "已答复", undelivered: "没有送到", undelivered_again: "没有送到，会再发", waiting: "等待发送", failed: "没有送出，会再试", ended: "不再发送" }, sum: "共 {{n}} 条：{{sent}} 条已送出", sum_arrived: "，其中 {{n}} 条已到手机或屏幕", sum_answered: "，{{n}} 条已答复", sum_failed: "{{n}} 条没有送到",
    by: "{{channel}} {{address}}", sent: "{{time}} 送出，{{took}}", delivered: "{{time}} 到手机", seen: "{{time}} 接听或读过", acknowledged: "{{time}} 答复", due: "{{time}} 起应送出", next: "{{time}} 再试", attempts: "试了 {{n}} 次", over: "警情已结束，不用再发。", has_it: "{{name}} 已接警，不用再发。", task_settled: "任务已有答复或已撤回，不用再发。", withheld: "这位家属现在不应知道此事，不再发。", replaced: "还没有播报，已有更新的话。", too_old: "终端一直没有连上，这句话已经过时，不再播报。", sent_means: "“已送出”指服务商收下了，不等于对方已看到；“已到手机”“已接听或读过”是服务商的报告；“已答复”指对方在家属页或任务里作了答复。屏幕（坐席、服务站和家属的页面）由页面自己应答：“页面已收到”不等于有人在看，“已显示”指页面正在最前面、没有遮住。",
    screen: {
      sent: "{{time}} 发到页面", delivered: "{{time}} 页面收到", seen: "{{time}} 显示，{{took}}", acknowledged: "{{time}} 接警或知悉",
      state: { sent: "已发到页面", delivered: "页面已收到", seen: "已显示", acknowledged: "已接警或知悉", undelivered: "没有打开屏幕", undelivered_again: "没有打开屏幕", waiting: "正在发到页面", failed: "在岗，没有打开屏幕", ended: "不再发送" },
    },
  },
};
