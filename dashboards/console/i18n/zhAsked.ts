/** Simplified Chinese of what handsets are asked to do, of planned absences, and of what is printed. */
export const zhAsked = {
  asked: {
    title: "终端指令", to: "终端 {{handset}}", none: "还没有向终端发过指令。", explain: "没有送到的指令 2 分钟后作废，不会事后吵醒老人。", closed: "警情结案后不能再发指令。", list: "发过的指令",
    kind: { locate: "定位", ring: "响铃", say: "播报", call: "拨打电话", interval: "定位间隔", ask: "询问是否安好" }, do: { locate: "立即定位", ring: "让终端响铃", say: "播报一句话…", call: "让终端拨号…", interval: "改定位间隔…" },
    stage: { queued: "等终端上线", sent: "已送达", answered: "已答复", refused: "终端做不到", unheard: "已过期，没有送到", unanswered: "已过期，没有答复" }, left: "{{time}} 后作废", by: "{{by}}，{{time}}", by_platform: "系统自动，{{time}}", before: "此前自动询问 {{n}} 次", answer: "答复：{{words}}", took: "{{n}} 秒后答复",
    say: "要播报的话", say_hint: "例如：王阿姨，我们看到您按了求助，请稍等", say_usual: ["我们收到您的求助了，正在安排人过来。", "请您待在原地，不要走动。", "听到请再按一次求助键。"], number: "让终端拨打的电话", number_hint: "终端会用免提拨打这个号码", interval: "多久报一次位置", intervals: { "10": "10 秒", "30": "30 秒", "60": "1 分钟", "300": "5 分钟", "1800": "30 分钟" }, interval_hint: "越密越耗电。", send: "发给终端", done: "已交给系统，等终端取走：{{what}}。",
  },
  absences: {
    menu: "外出与住院", title: "外出与住院", explain: "期间不因家里没人、没有活动、没有回家而报警。求助、跌倒、来电和进入危险区域照样报警。", none: "没有登记外出或住院。", add: "登记外出", save: "登记", reason: "去哪里", reasons: { hospital: "住院", holiday: "旅游", family: "住家人处", other: "其他" },
    from: "开始（北京时间，不填即现在）", to: "结束（北京时间）", span: "{{from}} 至 {{to}}", by: "{{by}} 登记", now: "现在不在家", later: "尚未开始", end: "提前结束", end_of: "提前结束：{{what}}", ended: "已结束：{{what}}。", entered: "已登记：{{what}}，到期自动结束。", end_ask: "{{what}}提前结束？", end_what: "从现在起照常守护。",
    fault: { to_needed: "请填结束时间。", over: "结束时间已经过了。", backwards: "结束时间早于开始时间。", long: "最长 92 天，到期再登记。" },
  },
  print: { file: "打印档案", handover: "打印移交单", handover_hint: "给 120 / 110 的一页纸" },
};
