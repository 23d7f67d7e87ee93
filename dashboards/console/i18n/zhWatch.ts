/** Simplified Chinese of drills, the technical list of the day and the escalation ladder. */
export const zhWatch = {
  drills: {
    menu: "演练", title: "演练：该试按的老人", explain: "打开窗口后，请老人按一次求助键。窗口内的求助和跌倒都当作演练，走完全程，但不计入统计。窗口外的一律是真的。", none: "最近 30 天人人都试过。", count: "{{n}} 位待试", minutes: "窗口长度", minutes_n: "{{n}} 分钟",
    search: "姓名或终端编号", no_match: "没有符合的。", why: "为什么要继续列出其余的人？会留下记录。", go_on: "继续列出", in_need: "有未结警情，先处理", card: "最近演练", of_record: "演练",
    never: "从未试过", last: "上次 {{time}}，{{age}}", no_handset: "没有终端", open: "打开演练窗口", open_of: "打开演练窗口：{{name}}", running: "演练窗口开着，还剩 {{time}}", over: "窗口已过，请结束后重开", end: "结束窗口", end_of: "结束窗口：{{name}}",
    opened: "{{name}} 的演练窗口已打开，请对方按求助键。", ended: "{{name}} 的演练窗口已结束，此后的求助都是真的。",
  },
  technical: {
    menu: "技术日清单", title: "技术日清单（24 小时）", explain: "不响铃的技术信号：每个终端、每种情况一条。在外面的老人或有未结警情时，仍按警情处理。", none: "24 小时内没有技术信号。", count: "{{n}} 次", flood: "{{n}} 个终端同时报告：先查网络", span: "{{first}} 至 {{last}}", once: "{{time}}", handsets: "终端", more: "等 {{n}} 个", nobody: "无人携带", incomplete: "共 {{total}} 条信号，这里只归纳了最新的 {{n}} 条，更早的不在内。",
  },
  ladder: {
    menu: "升级阶梯", title: "升级阶梯", explain: "没有人接警时，按此文本逐级呼叫。写错的不会保存，现在的继续生效。", running: "正在运行：{{by}} 于 {{time}} 保存", built_in: "正在运行：内置阶梯，还没有人保存过", refused: "较新的一份文本有错，没有运行；现在运行的是上一份没有错的。", text: "阶梯文本", save: "保存并运行", undo: "恢复为正在运行的",
    bad: "没有保存，有 {{n}} 处错误：", line: "第 {{n}} 行：{{what}}", general: "{{what}}", saved: "已保存，正在运行。", same: "与正在运行的相同。", goto: "转到第 {{n}} 行", wrong: "第 {{n}} 行有错",
  },
};
