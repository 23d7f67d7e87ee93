/** Simplified Chinese of reports and of answers that took too long. */
export const zhReports = {
  reports: {
    menu: "应答报表", title: "应答报表", explain: "从收到第一个信号起算，只由实际发生的事算出；演练不计。", span: "时间", days: { "7": "最近 7 天", "30": "最近 30 天", "92": "最近 92 天（一季）" }, by: "分组", bys: { all: "合计", operator: "接线员", station: "服务站", township: "乡镇街道", kind: "信号", hour: "钟点" },
    download: "下载", csv: "下载 CSV", xlsx: "Excel", json: "JSON", tables: { whole: "合计 CSV", from_what: "评分依据 CSV", townships: "乡镇街道 CSV", total: "全部终端 CSV" }, incomplete: "警情太多，没有全部算入：请选较短的时间。", none: "这段时间没有警情。", between: "{{from}} 至 {{to}}", cases: "{{n}} 起警情", unanswered: "{{n}} 起还没有人接", false_alarms: "{{n}} 起没有人需要帮助",
    norm: "{{n}} 秒内接警", norm_goal: "标准 {{pct}}%", met: "达标", not_met: "没有达标", norm_words: "{{n}} 秒内接警 {{pct}}%，标准 {{goal}}%，{{met}}。",
    wait: "接警等待（十起里有九起不超过，黑线是 60 秒）", wait_open: "浅红底：其中还有没人接的。", wait_words: "{{group}}：{{n}} 起，十起里有九起在 {{wait}} 内接警，最久 {{longest}}。", seconds: "{{n}} 秒",
    table: "各组用时", group: { all: "合计", nobody: "还没有人接", no_station: "没有服务站接单", no_township: "没有登记区划", township: "区划 {{code}}", hour: "{{n}} 点" },
    column: { group: "组", cases: "起", within_15: "15 秒内", within_60: "60 秒内", within_180: "180 秒内", answered: "接警", sent: "派站", acknowledged: "接单", arrived: "到场", closed: "结案", false_alarms: "无需帮助" }, column_hint: "用时为中位数，括号里十起有九起不超过。",
    spread: "{{p50}}（{{p90}}）",
  },
  quarter: {
    menu: "每季一评", title: "每季一评：服务站排名", explain: "只由实际派出的任务算出；演练不计。", which: "哪一季", of: "{{year}} 年第 {{n}} 季", running: "{{year}} 年第 {{n}} 季（未结束）", none: "这一季没有警情。", no_stations: "这一季没有派过服务站。", table: "服务站", table_hint: "用时为中位数。",
    place: "第 {{n}} 名", no_place: "不排名", column: { station: "名次", score: "得分", taken_pct: "接受率", prompt_pct: "60 秒内接受", finished_pct: "完成率", asked: "派给", taken: "接受", declined: "婉拒", silent: "没有答复", finished: "完成", failed: "没去成", answered: "接单用时", arrived: "到场用时" },
  },
  heard: {
    menu: "送达与在线", title: "通知送达与终端在线", notices: "通知是否送达", no_notices: "这段时间没有通知过谁。", handsets: "终端是否在线", handsets_explain: "有人携带的钟点里，听到过终端的占多少：发来任何消息，或者连接着，都算；与是否同意定位无关。只算整点，从开始记录的那一小时起。", no_handsets: "这段时间没有人携带终端。", all: "全部终端", townships: "按乡镇街道", least: "最少听到的终端", ms: "{{n}} 毫秒",
    column: { channel: "渠道", messages: "条数", sent: "已送出", delivered: "已送达", acknowledged: "已答复", given_up: "放弃", attempts: "尝试次数", took: "往返", waited: "等到送出", until_delivered: "等到送达", until_seen: "等到接听或看到", until_acknowledged: "等到答复", township: "区划", handsets: "终端数", heard: "在线", handset: "终端", carried: "携带小时", hours: "听到小时" },
  },
  late: {
    title: "超过 180 秒才接的警情", waiting: "{{n}} 起待查明", none: "这段时间没有超过 180 秒的，以前的也都查明了。", explain: "每一起都要由班长查明原因，写下以后不再犯的办法。没有查明的，不论多久以前，一直列在这里。", file: "下载这份清单（CSV）", took: "{{time}} 后接警", operator: "{{name}} 接警", nobody: "还没有人接警，已过 {{time}}", open: "打开警情",
    standing: "查明迟接原因", review: "写下原因", review_of: "写下原因：{{time}} 的警情", note: "为什么迟了，今后怎么办", note_hint: "例如：夜班两人同时在处理，已加一个班", submit: "记下", done: "已记下 {{time}} 那一起的原因。", reviewed: "{{by}}，{{time}}", again: "改写",
  },
};
