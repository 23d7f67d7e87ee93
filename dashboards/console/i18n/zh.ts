/** Simplified Chinese, the console's first language. `en.ts` has the same keys; a test compares them. */
import { zhAccount } from "../../src/i18n/zhAccount";
import { zhIncident, zhMap, zhShared } from "../../src/i18n/zhShared";
import { zhSaid } from "../../src/i18n/zhSaid";
import { zhAsked } from "./zhAsked";
import { zhCase } from "./zhCase";
import { zhDispatch } from "./zhDispatch";
import { zhDuty } from "./zhDuty";
import { zhFences } from "./zhFences";
import { zhPhones } from "./zhPhones";
import { zhReach } from "./zhReach";
import { zhReports } from "./zhReports";
import { zhWatch } from "./zhWatch";

export const zh = {
  ...zhShared,
  ...zhIncident,
  ...zhDispatch,
  ...zhCase,
  ...zhWatch,
  ...zhFences,
  ...zhReach,
  ...zhReports,
  ...zhSaid,
  ...zhAsked,
  ...zhDuty,
  ...zhPhones,
  map: zhMap,
  app: { title: "居家樂 接警台", language: "English", queue: "警情队列", skip: "跳到警情队列" },
  login: {
    ...zhShared.login, title: "居家樂 接警台", subtitle: "呼叫中心值班人员登录",
    ended: "登录已失效，请重新登录。姓名和位置已从画面上去掉，登录后重新显示；来电登记写到一半的字还在，老人要重新选。已知的警情仍会响铃，新的警情要登录后才能收到。",
  },
  state: { raised: "待接警", claimed: "已接警", dispatched: "已派单", on_scene: "已到场", resolved: "已解除", closed: "已结案" },
  who: { handset: "终端 {{handset}}（未绑定老人）", unknown: "身份不明", closed: "已结案（姓名未显示）" },
  remark: {
    late: "{{duration}}后才送达", clock: "终端时钟不准，时间已校正", id_reused: "编号与以往重复，但这是新的一次求助",
    no_fix: "没有随求助送来定位", last_known: "位置是此前最后一次定位", no_position: "从未有过定位", unbound: "终端没有绑定老人",
    empty: "内容为空", unreadable: "内容无法识读，原文已保存", partly_readable: "内容只有一部分能识读，原文已保存",
    oversized: "内容过大，只保存了开头", cancel: "这是一次取消", cancel_before_press: "取消比求助先到", cancelled_earlier: "此前已收到对它的取消",
    unsaved: "未存盘", unjudged: "终端自行判断，平台尚未核验", unknown_caller: "来电号码不认识", shared_number: "这个号码有几位老人共用，请问清是谁", other: "备注：{{remark}}",
  },
  problem: {
    store_unavailable: "数据库不可用：新的求助会标“未存盘”，请电话核实并记在纸上", disk_full: "磁盘已满：定位暂停保存，求助优先保存",
    wall_clock_stepped: "服务器时钟发生跳变：显示的时间可能不准", no_channel_tested: "短信、语音都没有通过测试：没有人接警时，谁也通知不到",
    step_not_tested: "升级阶梯里有的级走的渠道没有设置或没有通过测试：到那一级可能通知不到人", receiver_gone: "有接收方回应“不再接收”（410），重启前不再发给它：请核对配置", row_unreadable: "有个别记录读不出来，已跳过，其余照常：请通知管理员",
    task_died: "有后台任务异常停止：请通知管理员", bus_away: "内部消息通道（Redis）不可用：更新会慢一些，但不会丢失", bus_slow: "内部消息通道（Redis）应答太慢：更新会慢一些，但不会丢失",
    roster_gaps: "有些时段没有能联系到的值班人：那时没有人接警，就找不到任何人", ladder_refused: "保存的升级阶梯有错，没有运行：现在运行的是上一份没有错的，或内置的", rules_refused: "看护规则文件有错，没有启用：现在用的是上一份没有错的，或内置的；求助不受影响", bus_clock_differs: "几台服务器的时钟不一致：请管理员校准", watch_behind: "围栏和走失的判断落后了：求助不受影响",
    certificate_unusable: "新的证书不能用，旧的还在用：请通知管理员", certificate_ending: "证书快到期：请通知管理员", fixes_unreadable: "有位置记录读不出来，已隔离：请通知管理员", audit_broken: "审计日志与封存时不一致，可能被人改过或删过：请立即通知管理员，先把数据目录原样复制一份", terms_not_kept: "到期的记录没有清理完：请通知管理员", removals_held: "服务器时钟比上次运行晚了七天以上，暂不清理旧记录：请核对时钟", other: "{{code}}：{{detail}}",
  },
  header: { clock: "服务器时间", desk_clock: "本机时间（尚未对时）", shift_since: "值班 {{time}} 起", log_out: "退出登录", help: "帮助 ?", new_call: "登记来电", quarantine: "隔离区", audit: "审计" },
  role: { operator: "接线员", supervisor: "班长", admin: "管理员", station: "站员", relative: "家属", auditor: "审计员", service: "接口账号" },
  shift: {
    start: "开始值班", resume: "继续值班", end: "结束值班", not_started: "尚未开始值班：本页不会响铃。", was_reloaded: "页面重新载入过，响铃已停。",
    ended: "已结束值班。", explain: "点击后会播放一声试音，并请求通知和屏幕常亮权限。",
    confirm_end: "结束值班后本页不再响铃，确定吗？", confirm_log_out: "退出后本页不再响铃、不再显示警情，确定吗？", still_holding: "您手里还有 {{n}} 起警情没有结案。",
  },
  banner: {
    audio_suspended: "声音没有在播放，警情不会响铃。点“恢复声音”。", audio_stalled: "声音设备没有反应，请检查扬声器或耳机。", restore: "恢复声音",
    down: "与服务器的链路已中断 {{duration}}，画面可能不是最新，正在重连。", connecting: "正在连接服务器，画面尚未就绪。", degraded: "系统降级运行",
    since: "{{time}} 起",
  },
  mute: { button: "静音 60 秒", left: "静音中 {{n}} 秒", cancel: "恢复响铃", nothing: "现在没有响铃", note: "新的警情仍会响铃" },
  queue: {
    count: "共 {{n}} 起，{{unclaimed}} 起待接警", empty: "现在没有警情", empty_hint: "有求助时会在这里出现并响铃。", waiting: "已等 {{time}}", unsaved: "未存盘",
    drill: "演练", everyone: "全员", late: "迟到", held_by: "{{name}} 已接警", mine: "我已接警", claiming: "接警中…",
    answer: "再次求助，等待接警人应答", over: "超过 {{n}} 秒无人接警", columns: "按严重程度、再按先后排列",
  },
  incident: {
    none: "没有打开警情", none_hint: "用 J / K 选择，回车打开，C 接警，D 派服务站。打开不等于接警。", back: "返回队列", loading: "正在读取…", failed: "读取失败。", retry: "重试",
    gone: "找不到这起警情。", claim: "接警", claiming: "接警中…", mine: "您已接警", held: "{{name}} 已接警", release: "退回队列", note: "记录",
    close: "结案", answer_by: "老人再次求助，请在 {{time}} 内应答", answer_over: "再次求助已超时未应答", answer_overdue: "接警人久未应答，任何人都可以接手", take_over: "接手", spoke: "已与老人通话", deadline: "期限 {{time}}", ladder: "升级第 {{n}} 级",
    unsaved: "这起警情还没有存盘，不能接警。请立刻电话核实，并记在纸上。", closed: "{{by}} 于 {{time}} 结案：{{cause}}，{{outcome}}",
    now_saved: "已存盘，正式的警情已在队列中。", opened: "{{time}} 发生",
  },
  conflict: { holder: "没有成功：{{name}} 已在{{age}}接警。", unknown: "没有成功：警情刚刚有变化，请看过后再操作。" },
  outcome: {
    unsaved: "没有成功：这起警情尚未存盘。", refused: "没有成功：{{detail}}", unreached: "服务器没有应答，不知道是否成功。请再按一次，不会重复。", forbidden: "没有成功：您的角色不能这样做。",
    released: "已退回队列。", noted: "已记录。", closed: "已结案。",
  },
  card: {
    title: "老人", age: "{{n}} 岁", female: "女", male: "男", lives_alone: "独居", with_others: "与人同住", cognitive: "认知障碍", self_care: "自理", full: "完全自理",
    partial: "部分自理", none: "不能自理", conditions: "疾病", allergies: "过敏", no_conditions: "无记录", no_allergies: "无记录", contacts: "联系人（按顺序拨打）",
    address: "住址", division: "所属区划", telephone: "老人电话", handset: "终端", call: "拨打", unbound: "终端没有绑定老人，没有档案。请先设法问清身份。",
    unknown: "来电没有对应的老人，没有档案。", no_contacts: "没有登记联系人", birth: "{{date}} 出生", closed: "警情已结案，不再显示档案。", unknown_value: "无记录", loading: "正在读取档案…", failed: "档案读取失败。",
  },
  signals: { title: "信号", pressed: "{{time}} 按下", received: "{{time}} 收到", caller: "来电人", show_number: "显示号码", number_failed: "号码没有读到，请再试一次。", words: "来电内容", cancel: "取消" },
  timeline: {
    title: "经过", empty: "还没有记录", opened: "警情发生", signal_joined: "又来一个信号", claimed: "{{by}} 接警", taken_over: "{{by}} 从 {{from}} 接手", released: "{{by}} 退回队列", noted: "{{by}} 记录",
    closed: "{{by}} 结案", ladder_stepped: "升级到第 {{step}} 级", answer_overdue: "再次求助无人应答", clock_went_back: "时钟倒退，期限重新核定", other: "{{kind}}", system: "系统",
    contact: "联系：{{contact}}", spoke: "联系人", dispatched: "{{by}} 派服务站", task_moved: "{{station}}：{{state}}", task_moved_by: "{{station}}：{{state}}（{{by}}）", task_overdue: "{{station}}：没有按时回音", some_station: "服务站",
    transferred: "{{by}} 转交给 {{to}}", handed_over: "{{by}} 移交 {{to}}", identified: "{{by}} 确认身份", resolved: "{{by}}：险情已解除", reopened: "{{by}} 重新受理",
    confirmed: "{{by}} 已知悉", step_marked: "{{by}} 记下步骤", answered: "家属 {{by}}", returned: "回到围栏内", holder_lost: "接线员失联", holder_back: "{{by}} 重新上线", task_undone: "{{station}}：撤销上一步，回到“{{state}}”", said_on_scene: "{{station}}",
    merged_from: "{{by}} 并进另一起", merged_into: "{{by}} 把这一起并入另一起", split_off: "{{by}} 拆出另一起", open_other: "打开那一起",
  },
  position: {
    title: "位置", none: "没有定位", gps: "卫星定位", aflt: "基站三角定位", wifi: "WiFi 定位", cell: "基站定位", accuracy: "±{{n}} 米", stale: "位置已过时",
    fresh: "位置较新", coordinates: "北纬 {{lat}}，东经 {{lon}}", from_home: "距住址约 {{distance}}",
  },
  track: {
    button: "轨迹 24 h", loading: "正在读取轨迹…", failed: "轨迹读取失败。", none: "最近 24 小时没有定位。", words: "{{first}} 至 {{last}}，{{n}} 个定位，约 {{distance}}",
    unsure: "误差超过 300 米的定位没有画线。", key: "颜色越深越新；超过 10 分钟没有定位处断开。",
  },
  note: { title: "记录", text: "内容", contact: "联系了谁", no_contact: "没有联系", resident: "老人本人", witness: "目击者", "120": "120", "110": "110", submit: "保存记录", placeholder: "例如：已与老人通话，说在家门口摔倒" },
  release: { title: "退回队列", reason: "原因", submit: "退回队列", explain: "退回后警情重新响铃，由别人接警。" },
  close: { title: "结案", cause: "起因", outcome: "结果", note: "说明", submit: "结案", missing: "请选择起因和结果。", codes_failed: "代码表读取失败，暂时不能结案。" },
  call: {
    title: "登记来电", explain: "为一通电话开立警情。", search: "按姓名查找老人", none_found: "没有找到", searching: "正在查找…",
    chosen: "已选：{{name}}", change: "更换", caller: "来电人（姓名、电话、关系）", words: "来电内容", submit: "开立警情", type_more: "输入姓名查找；不知道是谁就留空。",
    search_failed: "查找失败，可先按“身份不明”开立。", placeholder: "例如：邻居说老人家里没人应门",
  },
  help: {
    title: "键盘与用法", next: "下一行 / 上一行", open: "打开所选警情（不等于接警）", claim: "接警", dispatch: "派服务站（您已接警时）", mute: "静音 60 秒，新的警情仍会响铃", help: "打开或关闭本帮助", back: "返回、关闭",
    severity: "严重程度", ages: "无人接警 30 秒变黄，60 秒变红。", stale: "超过 10 分钟的位置显示为空心灰圈。", enter: "回车", single_keys: "使用单键快捷键",
  },
  notification: { title: "{{severity}}：{{who}}" },
  quarantine: { title: "隔离区", explain: "系统看不懂的消息整条保存在这里，没有丢弃。数字（可能是位置）先不显示。", why: "为什么要看数字？会留下记录，由班长复核。", whole: "显示数字", empty: "隔离区是空的。", size: "字节", payload: "原文", failed: "读取失败。", more: "更多" },
  audit: {
    title: "审计日志", explain: "谁在何时做了什么、看了谁。每次查询也会记入日志。按老人查询时，也包括其警情和当时所带终端的记录。", search: "查询", empty: "没有符合的记录。", failed: "读取失败。",
    at: "时间", resident: "老人编号", username: "账号", action: "操作", subject: "对象", detail: "说明", source: "来源地址", from: "从哪天", to: "到哪天（含）", no_day: "没有这样的日期，例如 2026-11-23。",
    hint: { resident: "r-0001", username: "operator", action: "read_resident", subject: "r-0001" },
    actions: {
      log_in: "登录", log_in_failed: "登录被拒", log_out: "退出登录", list_incidents: "看警情列表", read_incident: "看警情", read_incident_events: "看警情经过", open_call: "登记来电", claim: "接警", release: "退回队列", note: "记录", close: "结案",
      list_residents: "查找老人", read_resident: "看老人资料", read_track: "看轨迹", locate_handset: "查询终端位置", read_quarantine: "看隔离区", read_audit: "查审计日志", live_begun: "打开实时画面", live_shown: "实时画面显示", live_ended: "关闭实时画面",
      join: "凭邀请加入", change_password: "更换密码", add_second_factor: "开启动态验证码", remove_second_factor: "取消动态验证码", list_sessions: "看登录设备", end_session: "让设备退出", lock_screen: "锁屏", unlock_screen: "解锁",
      add_consent: "登记同意", withdraw_consent: "撤回同意", list_consents: "看同意记录", list_relatives: "看家属", end_grant: "结束家属查看", withhold: "对家属保密", end_withholding: "恢复家属查看", invite: "发出邀请", withdraw_invitation: "收回邀请",
      list_looks: "看待复核的查看", review_look: "复核查看", list_users: "看账号", shut_out_user: "停用账号", let_in_user: "恢复账号", end_sessions: "让账号退出全部登录", list_handsets: "看终端", list_bindings: "看终端携带记录", list_carried: "看老人携带过的终端", offer_claim: "给终端接入码",
      provision: "终端接入", bind_handset: "绑定终端", unbind_handset: "解绑终端", set_heartbeat: "改终端消息间隔", set_handset_state: "改终端状态", list_phones: "看终端的手机", bind_phone: "绑定手机", unbind_phone: "解绑手机", export_resident: "导出老人资料", erase_resident: "删除老人资料", make_nameless: "警情去标识", remove_audit: "清理到期审计",
      list_candidates: "看可派的服务站", dispatch: "派服务站", transfer: "转交", hand_over: "移交 120 / 110 / 119", identify: "确认身份", resolve: "险情解除", reopen: "重新受理", list_tasks: "看服务站任务", acknowledge_task: "接单", decline_task: "婉拒任务", task_en_route: "任务：已出发",
      task_on_scene: "任务：已到场", finish_task: "任务：已完成", fail_task: "任务：没去成", withdraw_task: "撤回任务", put_station: "登记或更正服务站", list_fences: "查看围栏", add_fence: "画围栏", change_fence: "修改围栏", end_fence: "取消围栏", read_policy: "查看守护方式", put_policy: "修改守护方式", read_habits: "查看习惯", list_falls: "看跌倒记录", forget_habits: "忘掉习惯", add_zone: "画公共区域", change_zone: "修改公共区域", end_zone: "取消公共区域", confirm: "已知悉信号", mark_step: "记下处置步骤", answer: "家属答复", merge: "并入警情", split: "拆分警情", undo_task: "撤销任务一步", nobody_opens: "任务：无人应门", ambulance_needed: "任务：需要 120", help_needed: "任务：站员需要帮助", still_at_it: "任务：还在路上或还在处理，一切正常",
      list_drills_due: "看待演练的老人", open_drill: "打开演练窗口", end_drill: "结束演练窗口", list_technical: "看技术日清单", save_ladder: "保存升级阶梯", announce_call: "交换机报来电", set_station: "设定所在服务站",
      list_absences: "看外出登记", enter_absence: "登记外出", end_absence: "提前结束外出", list_commands: "看终端指令", interval_handset: "改终端定位间隔", call_handset: "让终端拨号", ring_handset: "让终端响铃", say_handset: "让终端播报", list_notices: "看通知", print_incident: "打印警情档案", print_handover: "打印移交单", read_report: "看报表", review_late: "查明迟接原因", put_on_roster: "排入值班表", take_off_roster: "从值班表去掉", test_channel: "测试通知渠道", link_task: "发出任务链接", read_linked_task: "凭链接看任务", add_account: "新建账号", remove_tracks: "清理到期轨迹",
      add_resident: "录入老人档案", change_resident: "更正老人档案", set_scope: "设定负责区域", password_refused: "密码核对未通过", unlock_refused: "解锁未通过", code_refused: "验证码核对未通过", look_refused: "查看被拒", access_refused: "越权被拒", many_looks: "一小时内看了很多老人", list_invitations: "看邀请", read_roster: "看值班表", list_drill_windows: "看演练窗口", put_position: "站员共享位置", erase_begun: "开始删除老人资料", back_up: "备份数据", record_day: "录下一天的位置", rotate_keys: "更换密钥", retire_keys: "停用旧密钥", rules_live: "启用新的守护规则",
    },
  },
  account: {
    ...zhShared.account, ...zhAccount, who: "{{name}}（{{username}}），{{role}}",
    must: { title: "请先更换密码", explain: "{{name}}，您现在的密码是别人设定的。换成只有您知道的密码，才能继续。" },
    must_add: { title: "请先开启动态验证码", explain: "{{name}}，{{role}}账号能看到老人的隐私，只有密码不够安全，开启手机上的动态验证码后才能继续。" },
  },
  join: {
    title: "加入居家樂", as_staff: "{{name}}，您受邀担任{{role}}。", as_relative: "{{name}}，您受邀以{{relation}}的身份加入（{{role}}）。", password_for: "{{name}}，请为账号 {{username}} 设定新密码。",
    until: "邀请有效至 {{time}}，只能用一次。", username: "给自己起个用户名", username_rules: "文字、数字、点、横线都可以；以后用它登录。", submit: "加入并登录", submit_password: "设定密码并登录",
    own_account: "我已有账号", own_account_what: "用您已有的家属账号登录，登录后就能看到这位老人。",
    void: "这个邀请已失效：用过了、被收回了，或过期了。", void_ask: "请向发给您链接的人要一个新的邀请链接。", log_in: "已有账号，去登录",
  },
  lock: {
    title: "屏幕已锁定", explain: "{{name}} 的席位。老人姓名和位置已隐藏，值班时响铃照常。", open: "警情 {{n}} 起", unclaimed: "待接警 {{n}} 起", longest: "最久的已等 {{time}}", password: "您的密码",
    unlock: "解锁", by_supervisor: "由班长解锁", by_myself: "用自己的密码解锁", supervisor: "班长的用户名", supervisor_password: "班长的密码", no_supervisor: "用户名、密码或验证码不对，或者这个账号无权解锁。", owes: "这个班长账号要先更换密码或开启动态验证码，才能为别人解锁。",
    button: "锁屏", hint: "隐藏姓名和位置，响铃照常", failed: "屏幕没有锁上", veiled: "姓名已隐藏",
  },
  manage: {
    failed: "读取失败。", renew: "刷新",
    menu: { button: "管理", consents: "知情同意与家属", looks: "查看复核", residents: "老人档案", users: "账号", handsets: "终端", waiting: "{{n}} 条待复核" },
    refusal: {
      reviewed: "没有成功：别人刚刚已经复核，请看更新后的列表。", not_in_use: "没有成功：终端不在使用中，请先恢复使用。", phone_taken: "没有成功：这个名称已是另一个终端的手机，请换一个，或先到那里解绑。", phone_changed: "没有成功：别人刚刚绑定了这部手机，请看更新后的列表，确有需要再绑。", not_found: "没有成功：已经找不到了，可能别人刚刚改过。",
      store_unavailable: "没有成功：数据库暂时写不进去。请先看是否已生效，再重试。",
    },
    leave: { ask: "放弃填写的内容？", what: "已填写的内容不会保存。", do: "放弃" },
    search: { hint: "输入老人姓名查找。每次查找都会记入日志。", failed: "查找失败，请重试。" },
    once: {
      picture: "二维码", copy: "复制", copied: "已复制。", not_copied: "没有复制成功，请手工选中复制。", until: "有效至 {{time}}，只能用一次。", warning: "只显示这一次，关闭后无法再看到。", done: "已交给对方，收起",
    },
    family: {
      title: "家属", none: "没有家属可以查看。", own: "您", since: "{{time}} 起可查看", withhold: "对其保密", give_back: "恢复", end: "结束查看", no_more: "{{username}}（已无权查看）",
      kept: { this: "本次警情", all: "全部警情和位置", one: "一起警情" }, withheld: "正对 {{name}} 保密：{{what}}", withheld_why: "原因：{{reason}}（{{by}}，{{time}}）",
      scope: "保密范围", reason: "原因（只给值班人员看）", withhold_explain: "{{name}} 将看不到警情，警情未结案时也看不到位置；系统不会告知对方。",
      ask_give_back: "恢复 {{name}} 的查看？", ask_give_back_what: "{{name}} 会立即看到：{{what}}。当时保密的原因：{{reason}}", ask_end: "结束 {{name}} 的查看？", ask_end_what: "{{name}}（{{relation}}）会立即看不到 {{resident}} 的任何情况。以后要看，须重新邀请。",
    },
    consents: {
      title: "知情同意与家属", explain: "老人或监护人同意了什么，家属凭哪份同意可以查看。", list: "知情同意", none: "还没有登记同意。", add: "登记同意", save: "登记", stands: "有效", withdrawn: "{{time}} 撤回", withdraw: "撤回同意",
      given: "{{time}} 同意", by: "{{giver}}（{{as}}），{{channel}}", recorded: "文本版本 {{version}}，{{by}} 于 {{time}} 登记", purpose: "用途", given_by: "谁同意", giver: "同意人姓名", channel: "方式",
      shares_title: "家属可以看到", shares: { news: "求助消息和处置经过", position: "当前位置", track: "活动轨迹" }, sees: "家属可以看到：{{what}}",
      data: "同意提供哪些信息（照当时宣读的原文）", data_hint: "例如：求助警情、处置经过、当时的位置和活动轨迹", version: "文本版本", version_hint: "例如：家属知情同意书 2026-11", given_at: "同意时间（北京时间，不填即现在）", missing: "请选择谁同意、方式，并填写其余各项。",
      purposes: { family: "家属可以查看", tracking: "保存位置轨迹" }, givers: { resident: "老人本人", guardian: "监护人" }, channels: { paper: "书面", in_person: "当面口头", telephone: "电话" },
      ask_withdraw: "撤回 {{giver}} 的同意？", named: "{{name}}（{{relation}}）", loses: "会立即看不到老人的家属：{{names}}。", loses_nobody: "现在没有家属凭这份同意查看。",
      voids: "未使用的邀请随之失效：{{names}}。", loses_track: "此后不再保存这位老人的位置轨迹；求助时仍会收到位置。",
    },
    invite: {
      relative: "邀请家属", relative_explain: "凭这份同意邀请一位家属查看 {{resident}}。对方用链接给自己开账号，从那一刻起可以查看。", name: "姓名", relation: "是 {{resident}} 的什么人", relation_hint: "例如：女儿",
      make: "生成邀请链接", link: "邀请链接", link_for: "给 {{name}} 的邀请", password_for: "给 {{name}}（{{username}}）重设密码", hand_over: "请本人用手机扫描，或把链接单独发给本人。谁拿到链接，谁就能使用。",
      pending: "未使用的邀请", none: "没有未使用的邀请。", until: "有效至 {{time}}，{{by}} 发出", withdraw: "收回", for_password: "重设 {{username}} 的密码", ask_withdraw: "收回给 {{name}} 的邀请？", ask_withdraw_what: "链接立即失效。",
    },
    looks: {
      title: "查看复核", explain: "没有未结警情时查看老人、打开自己没有处理过的已结警情，须写明理由；登记的来电没有派人就结案的，一小时内看了 60 多位老人资料的，也列在这里。请逐条判断理由是否成立；第一次复核即为定论。", which: "显示", waiting: "待复核", all: "全部", none_waiting: "没有待复核的查看。", none_all: "还没有须写理由的查看。",
      actions: { read_incident: "打开了已结警情", open_call: "登记了来电，没有派人就结案", read_quarantine: "查看了隔离区里的原文", reopen: "重新打开了已结警情", identify: "把警情改为他人", split: "拆分警情时指定了", read_resident: "查看了资料", read_track: "查看了轨迹", list_relatives: "查看了家属", list_fences: "查看了围栏", read_policy: "查看了守护方式", read_habits: "查看了习惯", list_falls: "查看了跌倒记录", many_looks: "看了很多老人的资料，最后一位是" }, many: "一小时内看了 60 位以上老人的资料，请问清缘由。", reason: "理由：{{reason}}", justified: "合理", questioned: "存疑", question: "记为存疑", note: "疑点",
      own: "这是您自己的查看，由另一位班长复核。", own_waiting: "另有您自己的查看 {{n}} 条，由另一位班长复核。", verdict: { justified: "合理", questioned: "存疑" }, reviewed: "{{by}}，{{time}}", done: { justified: "已记为合理：{{username}}，{{resident}}。", questioned: "已记为存疑：{{username}}，{{resident}}。" },
    },
    users: {
      title: "账号", list: "全部账号", invite: "邀请人员", role: "角色", relatives_elsewhere: "家属不在这里邀请：请在“知情同意与家属”里，凭老人的同意邀请。", out: "{{time}} 起停用", second_factor: "动态验证码", must_change: "须换密码",
      new_password: "重设密码", shut_out: "停用", let_in: "恢复使用", own: "这是您自己的账号，由另一位管理员停用或设定负责区域。", end_all: "退出全部登录", sessions: "正在登录的设备", nowhere: "没有登录。",
      ask_out: "停用 {{name}} 的账号？", ask_out_what: "{{name}} 会立即从所有地方退出，不能再登录。记录都保留，以后可以恢复。", ask_end_all: "让 {{username}} 退出全部登录？", ask_end_all_what: "那里的画面会立即关闭；值班的席位不再响铃。",
      scope: "负责区域", scope_is: "负责区域：{{scope}}", scope_all: "全部", scope_one: "一个区域", scope_empty: "不填即全部", scope_save: "设定", beyond: "这个账号不限于您的负责区域 {{scope}}，由另一位管理员管理。", scope_explain: "只能查找和维护住在负责区域内的老人。未结的警情不受限制，值班时照样看得到。",
      done: { scope: "{{name}} 的负责区域已设为：{{scope}}。", out: "{{name}} 的账号已停用。", let_in: "{{name}} 的账号已恢复使用。", end_all: "{{username}} 已退出全部登录。" },
    },
    division: { code: "区划代码", rules: "区划代码：区 6 位，街道/乡镇 9 位，社区/村 12 位。", is: "现在填的是{{level}}。", district: "区", township: "街道/乡镇", community: "社区/村" },
    residents: {
      title: "老人档案", search: "姓名、老人编号、终端编号，或完整的电话号码", search_hint: "每次查找都会记入日志，请只查要办的人。", none: "没有找到“{{q}}”。", no_handset: "没有终端", carries: "终端 {{handset}}", add: "录入新老人", add_another: "再录入一位",
      open: "打开 {{name}} 的档案", open_explain: "查看档案须有理由，理由会记入日志，由班长复核。", open_it: "打开档案", reason: "理由", reasons: { correct: "更正档案", check: "核对档案", other: "其他" }, reason_words: "写明理由", back: "返回查找",
      record_of: "{{name}} 的档案", masked: "电话只显示末四位，身份证号、住址和住处坐标不显示。", unbound: "还没有终端：绑定后，求助时才知道是谁。", bind: "去绑定终端", to_handset: "看终端", correct: "更正档案", correct_whose: "更正 {{name}} 的档案",
      save: "保存更正", save_new: "录入", wrong: "没有保存：有 {{n}} 处要改，请看红字。",
      done: { added: "已录入：{{name}}，编号 {{id}}。", changed: "已保存：{{name}} 的档案已更正。" },
      parts: { person: "基本情况", home: "住处", sealed: "证件、电话和住址", contacts: "联系人（按顺序拨打）" },
      fields: {
        id: "老人编号", name: "姓名", sex: "性别", birth_date: "出生日期", household: "居住情况", cognitive: "认知障碍", self_care: "自理能力", conditions: "疾病", allergies: "过敏", division: "所属区划", lat: "纬度", lon: "经度",
        identity_number: "身份证号", telephone: "老人电话", address: "住址", contact_name: "姓名", contact_relation: "是老人的什么人", contact_telephone: "电话",
      },
      values: { female: "女", male: "男", alone: "独居", with_others: "与人同住", yes: "有", no: "没有", full: "完全自理", partial: "部分自理", none: "不能自理" },
      hints: {
        id: "别处已有编号时才填（字母、数字和 . _ - :），不填则自动生成。", tags: "一项一项添加，也可以用顿号隔开一次填几项。", home: "十进制度数，WGS-84（GPS、天地图）。高德、腾讯、百度地图上的坐标有几百米偏差，不要直接填。", home_keeps: "不填则保持不变。",
        sealed: "加密保存。", keeps: "不填则保持不变。", nothing_yet: "还没有登记。", removed: "保存后清除。", contacts: "求助时从第一位起依次拨打。", contacts_anew: "保存后整份名单换成下面这些。原来的电话不显示，须重新填写完整。",
      },
      fault: {
        needed: "请填写或选择。", again: "请重新填写完整的电话。", long: "最多 {{n}} 个字。", many: "最多 {{n}} 项。", sign: "含有不能保存的控制字符。", date: "没有这样的出生日期，请核对。", division: "区划代码是 6、9 或 12 位数字。", elsewhere: "必须在您的负责区域 {{scope}} 之内。",
        home: "没有这样的地点：纬度在前，经度在后，例如 33.9631 和 118.2769。", masked: "这里带着星号，是遮住的旧值。请填完整的新值，或留空。", id: "编号只能用字母、数字和 . _ - :，最多 64 个。", taken: "这个编号已有老人使用。", other: "服务器不接受：{{detail}}",
      },
      add_tag: "添加", remove_tag: "去掉 {{words}}", remove_sealed: "清除登记的{{label}}", contacts_change: "更改联系人", contacts_keep: "不改联系人", add_contact: "添加联系人", nth: "第 {{n}} 位联系人", moved: "{{name}} 现在是第 {{n}} 位。", removed: "{{name}} 已从名单去掉。",
      move_up: "上移 {{name}}", move_down: "下移 {{name}}", remove_contact: "去掉 {{name}}",
    },
    handsets: {
      title: "终端", add: "添加终端", add_explain: "给终端起一个编号，生成接入码。终端扫码后得到自己的密钥。已有的编号会换发新密钥。", id: "终端编号", id_rules: "英文字母、数字和 . _ - :", make_code: "生成接入码", search: "按编号或携带人姓名查找", none: "没有符合的终端。",
      nobody: "无人携带", online: "在线", offline: "离线", claimable: "接入码有效至 {{time}}", states: { active: "使用中", retired: "已退役", stolen: "已报失" }, code: "接入码", code_for: "{{handset}} 的接入码",
      code_explain: "用终端扫描。扫描后终端得到新密钥；新密钥首次登录后，原来的密钥才作废。怀疑泄露请先报失。", history: "携带记录", never: "从未绑定过老人。", since: "{{from}} 起", from_to: "{{from}} 至 {{to}}", bind_to: "绑定给 {{name}}", instead: "{{before}} 不再携带这个终端，改由 {{name}} 携带。",
      has_another: "{{name}} 还携带终端 {{handset}}，两个都会算作他（她）的。", carried: "现由 {{name}} 携带。", heartbeat: "至少每多少秒有消息（空：按通常；0：不查）",
      acts: { bind: "绑定老人", rebind: "改绑老人", unbind: "解除绑定", heartbeat: "消息间隔", save_heartbeat: "保存", claim: "换发密钥", active: "恢复使用", retired: "退役", stolen: "报失" },
      ask: {
        unbind: "解除 {{id}} 的绑定？", unbind_what: "此后它的求助不知道是谁，接线员只看到终端编号。", retired: "让 {{id}} 退役？", retired_what: "绑定随之解除。它若再按下求助，仍会收到，但不知道是谁。",
        stolen: "把 {{id}} 报失？", stolen_what: "立即切断：它发出的一切，包括求助，都不再收到，绑定随之解除。老人请尽快另配终端。",
      },
      done: { bind: "{{id}} 已绑定给 {{name}}。", unbind: "{{id}} 已解除绑定。", heartbeat: "{{id}} 的消息间隔已保存。", retired: "{{id}} 已退役。", stolen: "{{id}} 已报失并切断。", active: "{{id}} 已恢复使用。曾经丢失的，请先换发密钥再绑定。" },
    },
  },
  recent: { title: "最近结案", empty: "还没有结案的警情" },
  common: { cancel: "取消", ok: "确定", required: "必填" },
};
