/** Simplified Chinese of the sentences in which the server refuses what was sent. `src/problem/said.ts` knows them apart. */
export const zhSaid = {
  said: {
    entry: "第 {{n}} 个时段不对。", home_by: "第 {{n}} 个回家时间不对。", time: "“{{words}}”不是 00:00 到 24:00 之间的时间。", day: "“{{words}}”不是星期几。", date: "“{{words}}”不是日期，例如 2026-02-17。", neither: "时段要么选星期几，要么选一个日期。",
    nothing: "从 {{from}} 到 {{from}} 是空的；全天请填 00:00 到 24:00。", needed: "请填写{{field}}。", long: "{{field}}最多 {{n}} 个字。", sign: "{{field}}含有不能保存的控制字符。", one_of: "{{field}}不在可选的范围内。", range: "{{field}}须在 {{least}} 到 {{most}} 之间。",
    faster: "别人刚刚改过，请先看现在的情况再试。", many_fences: "一位老人最多 {{n}} 个围栏。", many_zones: "公共区域最多 {{n}} 个。", many_entries: "时段和回家时间各最多 {{n}} 个。", and: "",
    coordinate: "第 {{n}} 个点不是坐标。", empty: "里面没有图形。", few_positions: "现在只有 {{n}} 个点。", open: "第 {{n}} 圈首尾没有相接。", flat: "第 {{n}} 圈没有围出面积。", crosses: "相交处在北纬 {{lat}}、东经 {{lon}} 附近。", many_positions: "有 {{n}} 个点，最多 {{most}} 个。", too_large: "最多 {{most}} 个点、{{bytes}} 字节。",
    hole_outside: "第 {{n}} 圈是洞，须在第 {{outer}} 圈（外圈）之内。", hole_within: "第 {{n}} 圈在第 {{other}} 圈之内，两圈都是洞，请去掉一个。", polygon_within: "第 {{n}} 块在第 {{other}} 块之内，画了两次：请去掉，或画成洞。",
    large: "宽 {{n}} 公里，最多 {{most}} 公里。", date_line: "跨过了半个地球。", small: "{{field}}是 {{n}} 米，至少要 {{least}} 米。", wgs84: "里面写明了别的坐标系。", datum: "与已知位置正好差 {{name}} 的偏移。", not_a_shape: "只能是 Circle、Polygon、MultiPolygon 或 Corridor。",
    absence: "结束时间须晚于现在和开始时间，最长 {{n}} 天。", cannot_be_asked: "这种手机终端做不到这件事，请直接打电话给老人。", only_in_need: "只有老人有未结警情时，才能向终端发指令。", given_at: "同意时间不能在将来。", quarter: "没有这样的季度。", no_handset: "没有这个终端。", too_fast: "请求太频繁，请在 {{n}} 秒后再试。",
    no_relative: "这个账号不是家属账号，请用家属账号登录。", own_account: "这个邀请是用来开新账号的，不能用已有账号。",
    stays_incidents: "去掉个人信息的警情：何时发生了什么，用于统计和答复投诉。", stays_audit: "审计日志：谁在何时看过，只有老人编号，法律要求保存处理记录。", stays_consents: "去掉姓名的同意记录：说明当时的处理有依据。",
    stays_handsets: "终端自己发来的状态和跌倒报告（不含定位）：不再显示属于谁，到期（retention.messages_days）清理。", stays_positions: "最近几小时的定位：两天内整理轨迹时删除。",
    field: {
      name: "名称", id: "编号", reason: "原因", say: "要说的话", number: "电话号码", interval_s: "间隔（秒）", within_s: "有效时间（秒）", heartbeat_s: "终端消息间隔（秒）", dwell_s: "停留时间（秒）", radius_m: "半径", width_m: "宽度", kind: "种类", note: "说明", words: "内容", telephone: "电话", relation: "关系",
      giver: "同意人姓名", data: "同意的内容", text_version: "文本版本", display_name: "姓名",
    },
  },
};
