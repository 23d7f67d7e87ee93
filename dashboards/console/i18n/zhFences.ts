/** Simplified Chinese of fences, zones, how somebody is watched, and why a signal was raised. */
export const zhFences = {
  fences: {
    menu: "围栏", title: "围栏与守护", title_of: "围栏与守护：{{name}}", explain: "围栏：离开安全区、进入禁入区会报警。保存后立即生效；每次查看都有记录。", of: "围栏", none: "还没有围栏。", add: "画围栏", correct: "修改", correct_whose: "修改：{{name}}", save: "保存", saved: "“{{name}}”已保存，立即生效。", export: "导出 GeoJSON", map: "围栏地图", show_all: "显示全部", no_map: "地图无法显示，可以直接输入坐标。",
    end: "取消围栏", end_ask: "取消“{{name}}”？", end_what: "之后不再守护这一区域；已有的警情不受影响。", name: "名称", kind: "种类", kinds: { safe: "安全区（离开报警）", forbidden: "禁入区（进入报警）" }, shape: "范围", how: "画法", hows: { circle: "圆", polygon: "多边形", text: "GeoJSON" },
    how_hint: { circle: "在地图上点一下定圆心，或输入坐标。", polygon: "在地图上依次点击各角，或每行输入一个角：纬度, 经度。", text: "粘贴或选择 GeoJSON；也可以是 Circle 或 Corridor。" }, radius: "半径（米）", corners: "各角（每行：纬度, 经度）", undo_corner: "撤销最后一角", text: "GeoJSON", file: "从文件导入", datum: "坐标系", datums: { unsaid: "没有说明", wgs84: "WGS-84", gcj02: "GCJ-02（高德、腾讯）", bd09: "BD-09（百度）" },
    schedule: "布防时间", always: "全天布防。", weekly: "只在下列时间布防（宿迁时间）；有日期的优先。", add_hours: "加每周时段", add_date: "加某日例外", entry: "时段 {{n}}", entry_armed: "布防", entry_off: "不布防", remove_entry: "删除时段 {{n}}", date: "日期", from: "从", to: "到", days: { mon: "周一", tue: "周二", wed: "周三", thu: "周四", fri: "周五", sat: "周六", sun: "周日" },
    home_by: "几点前应回家", home_by_hint: "如 18:00；多个用逗号隔开", dwell: "停留多少秒才报警", dwell_hint: "空：立即", dwell_zone: "空：90 秒，且不在车上", armed: "布防（不布防的围栏仍显示，但不报警）", is_armed: "布防中", not_now: "此刻不布防", is_unarmed: "未布防", raised: "已报警，未回",
    standing: { inside: "在内 {{since}}（{{age}}前有定位）", outside: "在外 {{since}}（{{age}}前有定位）", unknown: "不清楚，{{age}}没有可靠定位", never: "还没有定位", trouble: "不能使用：{{trouble}}" },
    fault: { name: "请填写名称。", circle: "请填圆心坐标和半径，或在地图上点一下。", polygon: "至少三个角。", text_unreadable: "不是 JSON。", text_none: "里面没有能用的图形。", text_many: "里面有多个图形，请只留一个。", hours: "每个时段都要有日子、起止时间。" },
    refusal: {
      not_a_shape: "这不是能用的图形。", shape_coordinate: "有一个坐标不对（经度在前）。", shape_empty: "没有图形。", shape_few_positions: "角太少：至少三个。", shape_open: "没有闭合。", shape_flat: "没有面积。", shape_crosses: "边线自己相交。", shape_many_positions: "点太多，请简化。", shape_large: "范围太大。", shape_small: "范围太小。", shape_datum: "坐标系不是 WGS-84。", datum_unclear: "看起来是 GCJ-02 或 BD-09 坐标：请在“坐标系”里选明。",
      schedule: "布防时间有误。", home_by: "回家时间有误。", dwell: "停留秒数有误。", changed: "别人刚改过，请重新打开。", id_taken: "编号已被占用。",
    },
    why: "查看原因", why_usual: "设置或核对围栏",
    policy: {
      title: "守护方式", unsaid: "还没有人设置，按档案推定。", said: "已设置。", about: "情况", dementia: "可能迷路（认知症）", lives_alone: "独居", companion: "一般有人陪同出门", zones: "公共危险区域", wandering: "徘徊", habits: "离开平常活动范围", inactivity: "白天久无活动", yes: "守护", no: "不守护", follows: { zones: "按是否可能迷路", wandering: "守护（默认）", habits: "按是否可能迷路", inactivity: "按是否独居" },
      heartbeat: "终端至少每多少秒有消息（空：不查）", worn: "终端佩戴位置", worn_unsaid: "没有说明", places: { waist: "腰间", pocket: "口袋", wrist: "手腕" }, save: "保存守护方式", saved: "守护方式已保存。", forget: "忘掉已学到的习惯", forget_ask: "忘掉全部已学到的习惯？", forget_what: "平常走的地方、作息都会删除，从明天起重新学，四周后才会再用来判断。", forgotten: "已忘掉。",
    },
  },
  zones: { menu: "公共区域", title: "公共区域：河流、道路、铁路", explain: "对需要的老人（默认：可能迷路的），步行进入并停留一会儿才报警；坐车经过不报警。", none: "还没有公共区域。", add: "画公共区域", end: "取消区域", end_ask: "取消“{{name}}”？", end_what: "之后进入这一区域不再报警。" },
  why: { began: "始于 {{time}}", distance: "距边线 {{n}} 米", probability: "把握 {{n}} %", again: "第 {{n}} 次重复", rule: "规则 {{rule}}，版本 {{version}}", sureness: "依次认为在围栏内的可能性：{{list}}", key: "越高越可能在内；虚线为一半" },
  snooze: { legend: "仍在外时的重复提醒", none: "照常提醒", hours: "静默 {{n}} 小时", hint: "再次离开、走得更远、求助和跌倒照样报警。", until: "重复提醒静默到 {{time}}" },
};
