/** Simplified Chinese, a station's first language. `en.ts` has the same keys; a test compares them. */
import { zhAccount } from "../../src/i18n/zhAccount";
import { zhSaid } from "../../src/i18n/zhSaid";
import { zhIncident, zhReached, zhShared } from "../../src/i18n/zhShared";

export const zh = {
  ...zhShared,
  ...zhIncident,
  ...zhSaid,
  account: { ...zhShared.account, ...zhAccount },
  app: { title: "居家樂 服务站", language: "English", skip: "跳到任务" },
  linked: {
    title: "居家樂 任务", asking: "正在打开任务…", over: "这个任务已经结束，或者链接不对。有疑问请打电话给呼叫中心。", unreached: "连不上服务器：看到的可能已经过时，点了也不算数。正在重试。",
    alone: "这个链接只打开这一个任务，请不要转发；任务结束后失效。",
  },
  login: {
    ...zhShared.login, title: "居家樂 服务站", subtitle: "服务站站员登录",
    ended: "登录已失效，请重新登录。登录前收不到新任务，也看不到已有的任务；没有得到确认的操作不算数。",
  },
  hindrance: {
    role: "这一页只给服务站站员用，您的账号不是站员。", password: "您现在的密码是别人设定的，先换成只有您知道的密码，才能接任务。", factor: "您的账号须先开启动态验证码，才能接任务。", locked: "屏幕已锁定，解锁后才能看到任务。",
    go: { role: "去接警台", password: "去更换密码", factor: "去开启验证码", locked: "去解锁" }, again: "办好了，继续", warning: "在此之前收不到任务。",
    no_station: "您的账号还没有指定服务站，收不到任务。请联系管理员。",
  },
  state: { offered: "等您答复", ...zhReached, declined: "不能去", on_scene: "已到达", failed: "无法完成", withdrawn: "已撤回" },
  step: { offered: "派来", acknowledged: "接单", en_route: "出发", on_scene: "到达", finished: "完成", skipped: "时间不明", title: "进度" },
  act: { acknowledge: "接单", decline: "不能去", "en-route": "出发", "on-scene": "到达", finish: "完成", fail: "无法完成", undo: "撤销", "no-answer": "无人应门", "need-ambulance": "需要 120", "need-help": "我需要帮助", "still-at-it": "还在处理，一切正常", "still-at-it_en_route": "还在路上" },
  quick: { title: "一键告诉呼叫中心", undo: "撤销上一步（{{n}} 秒）", said: "已告诉呼叫中心：{{what}}", no_answer: "无人应门", need_ambulance: "需要 120", need_help: "我需要帮助", still_at_it: "还在处理，一切正常", still_at_it_en_route: "还在路上", too_late: "已超过 10 秒，不能撤销，请打电话给呼叫中心。" },
  sent: {
    asking: "“{{act}}”正在确认…", unreached: "“{{act}}”没有得到服务器的确认，不知道是否成功，在确认之前不算数。", refused: "“{{act}}”没有成功：{{detail}}",
    moved: "“{{act}}”没有成功：任务刚刚有变化，请看过后再点。", again: "再试一次", drop: "知道了", give_up: "先不试", server: "服务器暂时存不下，请稍后再试。", forbidden: "您的账号现在不能这样做。",
  },
  form: {
    decline: "为什么不能去？", fail: "为什么无法完成？", finish: "结果怎样？", other: "其他", words: { decline: "补充说明", fail: "补充说明", finish: "补充说明（可不填）" }, back: "返回",
    submit: { decline: "确定不能去", fail: "确定无法完成", finish: "确定完成" }, missing: "请选一项；选“其他”时请写明。",
    reasons: {
      decline: { away: "人手都在外面", far: "离得太远，赶不及", transport: "没有交通工具", nobody: "现在没有人能去" },
      fail: { not_found: "找不到老人", no_entry: "敲门无人应答，进不去", turned_away: "老人或家属不让进", broke_down: "路上受阻，到不了", needs_others: "须由 120 或 110 处理" },
      finish: { well: "老人平安，无需处理", helped: "已扶起或安顿好，没有受伤", family: "已交给家属照看", hospital: "已送医或交给 120", mistaken: "误按，老人平安" },
    },
  },
  left: {
    answer_left: "请在 {{time}} 内答复", answer_over: "答复已超时 {{time}}，呼叫中心在等", progress_left: "请在 {{time}} 内更新进展", progress_over: "进展已超时 {{time}}，呼叫中心在等", again: "{{words}}（已催 {{n}} 次）",
  },
  banner: {
    label: "警告",
    down: "与服务器的链路已中断 {{duration}}，正在重连。现在收不到新任务，也不会响铃；看到的可能不是最新的。点过的操作，显示已确认之前都不算数。急事请打电话给呼叫中心。",
    connecting: "正在连接服务器，任务还没有显示。", sound_off: "还没有声音：来了任务、催促答复时都不会响铃。", sound_suspended: "声音没有在播放：来了任务、催促答复时都不会响铃。", sound_on: "开启声音",
  },
  header: { log_out: "退出登录", log_out_failed: "没有退出：服务器没有应答。这台手机仍然登录着。", confirm: "还有 {{n}} 个任务没有结束。退出后收不到消息，也不会响铃，确定退出吗？", clock: "服务器时间" },
  tab: { live: "任务", ended: "今天已结束", account: "我的账号", label: "显示什么" },
  live: {
    count: "{{n}} 个任务，{{waiting}} 个等您答复", empty: "现在没有任务", empty_hint: "请保持本页打开、手机不要锁屏。呼叫中心派来任务时，这里会出现并响铃。", loading: "正在读取任务…", news: "新任务：{{names}}，请答复。", title: "（{{n}}）新任务 · 居家樂 服务站",
  },
  cover: {
    title: "屏幕已遮住", explain: "十分钟没有人动过这一页，姓名、住址和位置都不显示。任务照常计数、响铃。", ended: "有 {{n}} 个任务已经结束。", untaken: "有 {{n}} 次操作没有得到服务器确认，或没有成功：呼叫中心可能不知道。请打开查看，或给呼叫中心打电话。", overdue: "有 {{n}} 个任务到时间没有消息：请打开，说一声现在怎样。", open: "点一下看任务", unlock: "解锁", wrong: "密码不正确。", failed: "没有解锁：{{detail}}", news: "有 {{n}} 个新任务，请答复。",
  },
  ended: { empty: "今天还没有结束的任务。", explain: "任务结束后，不再显示是哪位老人。", failed: "读取失败。", retry: "重试", loading: "正在读取…", asked: "{{time}} 派来", at: "{{time}} 结束", words: "说明：{{words}}" },
  notice: {
    withdrawn: "已被撤回：{{words}}", withdrawn_plain: "已被撤回：已有别的服务站接单，或警情已经结案。", declined: "已由别人答复不能去：{{words}}", finished: "已由别人报完成：{{words}}", failed: "已由别人报无法完成：{{words}}",
    stop: "不用去了。如果已在路上，请先问呼叫中心。", gone: "这个任务已经不在本站名下。", own: { declined: "已确认：不能去。呼叫中心会另找别人。", finished: "已确认：任务完成。", failed: "已确认：无法完成。呼叫中心已知道。" }, dismiss: "知道了", nobody: "身份不明", at: "{{time}}",
  },
  task: {
    drill: "演练", since: "{{age}}派来", from_desk: "呼叫中心说", no_note: "呼叫中心没有附言。", responder: "{{name}} 接的单", said: "记录：{{words}}", unknown: "身份不明", unbound: "不知道是哪位老人，没有档案。请先问呼叫中心。", taken_by: "接警人：{{name}}",
  },
  share: {
    switch: "向接警中心共享我的位置（仅本任务进行期间）", explain: "接警员会看到您在哪里、离老人多远，家属和别的站员看不到。任务一结束或关掉开关就停止，服务器不再保留。共享时请保持本页打开。",
    on: "正在共享。", sent: "{{age}}发出。", waiting: "正在取得位置，还没有发出。", owed: "这台手机已停止发送，但服务器还没有确认，正在重试。",
    trouble: {
      insecure: "这一页不是用 https 打开的，浏览器不给位置，不能共享。", unsupported: "这个浏览器不会定位，不能共享。", denied: "浏览器不允许本页使用位置，已停止共享。请在浏览器或手机的设置里允许，再打开开关。",
      unavailable: "现在取不到位置，仍在尝试。请看手机的定位是否打开。", timeout: "一分钟内没有取得位置，仍在尝试。", rough: "取得的位置误差太大，没有发出，仍在尝试。",
      unreached: "服务器没有应答，位置没有发出，会再试。", refused: "服务器没有收下位置。", withdrawn: "共享已在别处关掉，位置不再发出。",
    },
  },
  person: {
    title: "老人", age: "{{n}} 岁", female: "女", male: "男", lives_alone: "独居", with_others: "与人同住", cognitive: "认知障碍", self_care: "自理：{{words}}", full: "完全自理", partial: "部分自理", none: "不能自理",
    conditions: "疾病", allergies: "过敏", allergic: "过敏：{{words}}", unknown: "无记录", contacts: "联系人（按顺序拨打）", no_contacts: "没有登记联系人", address: "住址", no_address: "没有登记住址", telephone: "老人电话", no_telephone: "没有登记老人电话", call: "拨打", call_person: "打电话给老人",
    loading: "正在读取档案…", failed: "档案读取失败。", retry: "重试",
  },
  place: {
    title: "位置", none: "没有定位，请按住址去。", gps: "卫星定位", aflt: "基站三角定位", wifi: "WiFi 定位", cell: "基站定位", accuracy: "误差约 ±{{n}} 米", stale: "位置已过时：这是老人当时在的地方，现在可能不在那里", from_home: "距住址约 {{distance}}",
    coordinates: "北纬 {{lat}}，东经 {{lon}}（WGS-84）", open: "在地图中打开：老人位置", open_home: "在地图中打开：住址", home: "住址：{{words}}", datum: "坐标是 WGS-84。地图若按别的坐标系显示，会偏几百米。", renew: "更新位置", renewing: "正在更新…", renew_failed: "没有更新成功。", still: "位置不会自动更新。", by_itself: "位置每几秒自动更新。",
  },
};
