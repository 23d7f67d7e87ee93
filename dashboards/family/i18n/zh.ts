/** Simplified Chinese, a family's first language. `en.ts` has the same keys; a test compares them. */
import { zhAccount } from "../../src/i18n/zhAccount";
import { zhSaid } from "../../src/i18n/zhSaid";
import { zhMap, zhShared } from "../../src/i18n/zhShared";

export const zh = {
  ...zhShared,
  ...zhSaid,
  account: { ...zhShared.account, ...zhAccount },
  app: { title: "居家樂 家属", language: "English", skip: "跳到老人的情况" },
  login: { ...zhShared.login, title: "居家樂 家属", subtitle: "家属登录", ended: "登录已失效，请重新登录。登录前收不到新消息，也看不到老人的情况。" },
  map: { ...zhMap, schematic_note: "示意图，不能用来指路" },
  hindrance: {
    role: "这一页只给家属用，您的账号不是家属。", password: "您现在的密码是别人设定的，先换成只有您知道的密码，才能看到老人的情况。", factor: "您的账号须先开启动态验证码，才能看到老人的情况。", locked: "画面已锁定，解锁后才能看到老人的情况。",
    go: { role: "去我的页面", password: "去更换密码", factor: "去开启验证码", locked: "去解锁" }, again: "办好了，继续", warning: "在此之前收不到消息，也不会响铃。",
  },
  access: {
    asking: "正在读取…", ended: "您现在没有查看权限，这里不再显示老人的情况。", ended_what: "想继续查看，请联系呼叫中心或社区，凭老人的同意重新邀请。", nobody: "还没有可以显示的消息。", nobody_what: "一有求助，这里会立即显示并响铃。请保持本页打开。",
    unreached: "读取失败，正在重试。", retry: "重试",
  },
  sentence: {
    seen: "{{name}} {{ago}}在{{place}}（{{sure}}）", lost: "{{name}}位置未知已 {{duration}}，最后在{{place}}（{{sure}}）", none: "{{name}}：暂无位置", just_now: "刚刚", on_map: "地图所示位置", near_home: "家附近", from_home: "离家约 {{distance}}处",
    accuracy: "±{{distance}}", sure: "{{method}}，{{accuracy}}", wifi: "WiFi 定位", cell: "基站定位", aflt: "基站三角定位",
  },
  status: { calm: "现在没有求助消息", calm_what: "一有求助，这里会立即显示并响铃。", doubtful: "链路中断，不知道现在有没有求助", place: "位置", none_what: "有了位置，这里会显示。", lost_what: "这是当时的位置，现在可能不在那里。", battery: "终端电量 {{n}}%（{{ago}}）" },
  place: { title: "位置和足迹", open: "用手机地图打开", coordinates: "北纬 {{lat}}，东经 {{lon}}（WGS-84），{{time}}", datum: "别的坐标系的地图会偏几百米。", renew: "更新位置", renewing: "正在更新…", failed: "没有更新成功，显示的是之前的位置。", none: "没有位置可以画在地图上。" },
  trail: {
    show: "看今天的足迹", hide: "收起今天的足迹", loading: "正在读取足迹…", failed: "足迹读取失败。", retry: "重试", none: "今天还没有足迹。", not_covered: "同意书里没有包括足迹。", words: "今天 {{first}} 至 {{last}}，约走了 {{distance}}，{{n}} 个定位", unsure: "误差超过 300 米的定位没有画线。", key: "颜色越深越新；超过 10 分钟没有定位处断开。",
  },
  incident: {
    drill: "演练", title: "求助", ended: "已结束", what: "{{name}} {{ago}}{{what}}", late: "{{name}} {{ago}}{{what}}，{{arrived}}才收到", cancelled: "{{name}} {{ago}}{{what}}，后来取消了，仍在核实", just_now: "刚刚", times: "，共 {{n}} 次",
    kind: {
      press: "按了求助键", call: "有人来电说需要帮助", fall: "可能跌倒了", wandering: "可能走失", fence_exit: "离开了平时的活动范围", zone_entry: "进入了危险区域", overdue: "过时未归", inactivity: "很久没有活动", silence: "终端联系不上",
      low_battery: "终端电量低", taken_off: "摘下了终端", login_refused: "终端登录异常", two_places: "终端登录异常",
    },
    seen: "我看到了，停止响铃", at: "{{time}}", outcome: "结果：{{outcome}}",
    now: {
      received: "已收到，正在联系接线员。", calling_all: "还没有人接警，正在通知更多人。", claimed: "接线员已接警，正在处理。", station_asked: "接线员已请服务站上门，正在等对方确认。", station_ready: "服务站已接单，准备出发。", on_the_way: "站员已出发，正在赶来。",
      on_scene: "站员已到老人身边。", done_there: "站员已处理完毕，接线员会再确认。", station_lost: "服务站不能前来，接线员正在另行安排。", silent: "接线员暂未回应，正在通知其他人。", released: "接线员暂时放下，正在重新联系接线员。", resolved: "险情已解除，接线员还在收尾。",
      closed: "已经结束。", unsaved: "已收到，还没有存好，正在通知接线员。",
    },
  },
  stage: {
    title: "进展", received: "已收到", claimed: "已接警", on_the_way: "已出发", on_scene: "已到达", closed: "已结束", untimed: "时间不明", skipped: "没有报", never: "没有", undone: "退回", ahead: "还没有",
    account: "详细经过", account_failed: "经过读取失败，上面的进展是最新的。", some_station: "服务站", back: "退回一步",
  },
  told: {
    opened: "收到求助", signal_joined: "又收到一次信号", claimed: "接线员已接警", released: "接线员暂时放下，正在重新联系接线员", dispatched: "接线员请服务站上门", transferred: "已转由另一位接线员处理", handed_over: "接线员已联系外部救援（120、110 或 119）",
    resolved: "险情已解除", reopened: "重新受理", closed: "已结束", answer_overdue: "接线员暂未回应，正在通知其他人", ladder_stepped: "还没有人接警，正在通知更多人", task_overdue: "{{station}}没有按时回音，接线员会催",
    task: { offered: "已派给{{station}}", acknowledged: "{{station}}已接单", declined: "{{station}}不能去，接线员正在另行安排", en_route: "{{station}}已出发", on_scene: "{{station}}已到达", finished: "{{station}}已处理完毕", failed: "{{station}}没去成，接线员正在另行安排", withdrawn: "{{station}}不用去了" },
    contact: { resident: "接线员已与老人通话", witness: "接线员已与在场的人通话", "120": "接线员已与 120 通话", "110": "接线员已与 110 通话" },
  },
  answer: {
    title: "告诉接线员", explain: "接线员马上看得到，警情不会因此结束。", they: { female: "她", male: "他" }, calling: "正在打给{{they}}", reached_well: "联系上了，{{they}}没事", coming: "我在路上", other: "其他", text: "想告诉接线员什么", missing: "请写几个字。", send: "发送", back: "返回",
    asking: "“{{answer}}”正在发送…", sent: "“{{answer}}”{{time}} 已送达接线员。", unreached: "“{{answer}}”没有得到回音，不知道是否送达。", refused: "“{{answer}}”没有送达：{{why}}", again: "再发一次", drop: "知道了",
    why: { gone: "呼叫中心现在收不到这类回复，急事请打电话。", closed: "警情已经结束。", forbidden: "您的账号现在不能这样做。", many: "发得太多，请稍等再试。", server: "服务器暂时存不下，请再试。" },
  },
  viewers: {
    title: "谁还能看到", explain: "家属看得到位置和求助的进展。呼叫中心和派去的服务站，在求助期间看得到。每次查看都有记录。", you: "您", since: "{{time}} 起", loading: "正在读取…", failed: "读取失败。", retry: "重试", none: "没有别的家属。",
  },
  banner: {
    label: "警告", down: "与服务器的链路已中断 {{duration}}，正在重连。现在收不到新消息，也不会响铃；看到的可能不是最新的。", connecting: "正在连接服务器…", sound_off: "声音还没有打开：有求助时不会响铃。", sound_suspended: "声音没有在播放：有求助时不会响铃。", sound_on: "打开声音",
  },
  header: { log_out: "退出登录", log_out_failed: "没有退出：服务器没有应答。这台手机仍然登录着。" },
  news: { opened: "{{words}}", title: "（求助）{{name}} · 居家樂" },
};
