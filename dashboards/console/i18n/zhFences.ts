/** Simplified Chinese of fences, zones, how somebody is watched, what was learned of them, their falls, and why a signal was raised. */
export const zhFences = {
  fences: {
    menu: "围栏", title: "围栏与守护", title_of: "围栏与守护：{{name}}", explain: "围栏：离开安全区、进入禁入区会报警。保存后立即生效；每次查看都有记录。", of: "围栏", none: "还没有围栏。", add: "画围栏", correct: "修改", correct_whose: "修改：{{name}}", save: "保存", saved: "“{{name}}”已保存，立即生效。", export: "导出 GeoJSON", map: "围栏地图", show_all: "显示全部", no_map: "地图无法显示，可以直接输入坐标。",
    end: "取消围栏", end_ask: "取消“{{name}}”？", end_what: "之后不再守护这一区域；已有的警情不受影响。", name: "名称", kind: "种类", kinds: { safe: "安全区（离开报警）", forbidden: "禁入区（进入报警）" }, shape: "范围", how: "画法", hows: { circle: "圆", polygon: "多边形", corridor: "路线", text: "GeoJSON" },
    how_hint: { circle: "在地图上点一下定圆心，或输入坐标。", polygon: "在地图上依次点击各角，或每行输入一个角：纬度, 经度。“挖洞”之后（--- 以下）的角围成不算在内的一块。", corridor: "在地图上沿路依次点击，或每行输入一个点：纬度, 经度；再填宽度。", text: "粘贴或选择 GeoJSON；也可以是 Circle 或 Corridor。从这里导出的围栏，连同时间一起读回。" }, radius: "半径（米）", corners: "各角（每行：纬度, 经度）", undo_corner: "撤销最后一角", hole: "挖洞", route: "路线各点（每行：纬度, 经度）", undo_point: "撤销最后一点", width: "宽度（米，两侧各一半）", text: "GeoJSON", file: "从文件导入", datum: "坐标系", datum_hint: "高德、腾讯、百度的图与 WGS-84 差几百米，请照坐标的来处选。在本页地图上点的是 WGS-84。", datum_fixed: "其中有在本页地图上点的、或原来已存的坐标，所以全部按 WGS-84。要用别的坐标系，请把它们全部换掉。", offered: "里面的围栏，连同时间一起取用：", take: "取用“{{name}}”", datums: { wgs84: "WGS-84", gcj02: "GCJ-02（高德、腾讯）", bd09: "BD-09（百度）" },
    schedule: "布防时间", always: "全天布防。", always_but: "除下列不布防的时间外，全天布防（宿迁时间）。", weekly: "只在下列时间布防（宿迁时间）；有日期的优先。", add_hours: "加每周时段", add_date: "加某日例外", entry: "时段 {{n}}", entry_armed: "布防", entry_off: "不布防", remove_entry: "删除时段 {{n}}", date: "日期", from: "从", to: "到", days: { mon: "周一", tue: "周二", wed: "周三", thu: "周四", fri: "周五", sat: "周六", sun: "周日" },
    home_by: "几点前应回家", home_by_hint: "如 18:00；多个用逗号隔开", dwell: "停留多少秒才报警", dwell_hint: "空：立即", dwell_zone: "空：90 秒，且不在车上", armed: "布防（不布防的围栏仍显示，但不报警）", is_armed: "布防中", not_now: "此刻不布防", is_unarmed: "未布防", raised: "已报警，未回",
    standing: { inside: "在内 {{since}}（{{age}}前有定位）", outside: "在外 {{since}}（{{age}}前有定位）", unknown: "不清楚，{{age}}没有可靠定位", never: "还没有定位", trouble: "不能使用：{{trouble}}" },
    fault: { name: "请填写名称。", circle: "请填圆心坐标和半径，或在地图上点一下。", polygon: "外圈和每个洞都至少三个角。", corridor: "路线至少两个点，并要有宽度。", datum: "请选坐标系。", text_unreadable: "不是 JSON。", text_none: "里面没有能用的图形。", text_many: "里面有多个图形，请取用一个，或只留一个。", text_datum: "里面写明不是 WGS-84：请先转换成 WGS-84，或删去 crs、datum 后再选坐标系。", hours: "每个时段都要有日子、起止时间。" },
    refusal: {
      not_a_shape: "这不是能用的图形。", shape_coordinate: "有一个坐标不对（经度在前）。", shape_empty: "没有图形。", shape_few_positions: "角太少：至少三个。", shape_open: "没有闭合。", shape_flat: "没有面积。", shape_crosses: "边线自己相交。", shape_nested: "图形互相套错了。", shape_many_positions: "点太多，请简化。", shape_large: "范围太大。", shape_small: "范围太小。", shape_datum: "坐标系不是 WGS-84。", datum_unclear: "看起来是 GCJ-02 或 BD-09 坐标：请在“坐标系”里选明。",
      schedule: "布防时间有误。", home_by: "回家时间有误。", dwell: "停留秒数有误。", changed: "别人刚改过，请重新打开。", id_taken: "编号已被占用。", too_large: "图形太大，请简化。",
    },
    why: "查看原因", why_usual: "设置或核对围栏",
    policy: {
      title: "守护方式", unsaid: "还没有人设置，按档案推定。", said: "已设置。", about: "情况", dementia: "可能迷路（认知症）", lives_alone: "独居", companion: "一般有人陪同出门", zones: "公共危险区域", wandering: "徘徊", habits: "离开平常活动范围", inactivity: "白天久无活动", yes: "守护", no: "不守护", follows: { zones: "按是否可能迷路", wandering: "守护（默认）", habits: "按是否可能迷路", inactivity: "按是否独居" },
      heartbeat: "终端至少每多少秒有消息（空：按终端；0：不查）", no_movement: { learning: "还在了解平时的作息（需七天），暂不提醒。", usual: "平时常整天不外出，因此不会提醒。" }, worn: "终端佩戴位置", worn_unsaid: "没有说明", places: { waist: "腰间", pocket: "口袋", wrist: "手腕" }, save: "保存守护方式", saved: "守护方式已保存。", forget: "忘掉已学到的习惯", forget_ask: "忘掉全部已学到的习惯？", forget_what: "平常走的地方、作息都会删除，从明天起重新学，四周后才会再用来判断。", forgotten: "已忘掉。",
    },
  },
  zones: { menu: "公共区域", title: "公共区域：河流、道路、铁路", explain: "对需要的老人（默认：可能迷路的），步行进入并停留一会儿才报警；坐车经过不报警。", none: "还没有公共区域。", add: "画公共区域", end: "取消区域", end_ask: "取消“{{name}}”？", end_what: "之后进入这一区域不再报警。",
    file: {
      open: "导入文件", title: "从文件导入公共区域", explain: "选一个 GeoJSON 文件，里面可以有很多区域。先看清单，再逐个加入；每个加入后立即生效。", found: "文件里有 {{n}} 个，已选 {{chosen}} 个，{{faults}} 个不能用。", list: "文件里的区域", none_chosen: "请至少选一个区域。", no_datum: "请先选坐标系：高德、腾讯、百度的图与 WGS-84 差几百米。", instead: "里面有多个图形：请取消，改用“导入文件”。",
      send: "加入 {{n}} 个", stop: "停止", close: "关闭", progress: "已发 {{n}} / {{total}}", summary: "已加入 {{added}} 个，没有加入 {{failed}} 个，没有发出 {{left}} 个。", summary_unsure: "另有 {{n}} 个不清楚。", unsure: "服务器没有应答，不知道是否已加入：请关闭后看列表里有没有。", known: "已有同名区域",
      fault: { nothing: "没有图形", no_area: "不是面：点和线不能作区域", several: "一项里有多个图形", coordinates: "坐标不对（经度在前）", datum: "写明不是 WGS-84：请先转换，或删去 crs、datum" }, sent: { added: "已加入", unsure: "不清楚", failed: "没有加入" },
      ending: { stopped: "已停止。", unreached: "服务器没有应答，其余没有再发。", shut_out: "登录失效、锁屏或没有权限，其余没有再发。" },
    },
  },
  why: { began: "始于 {{time}}", distance: "距边线 {{n}} 米", probability: "把握 {{n}} %", again: "第 {{n}} 次重复", rule: "规则 {{rule}}，版本 {{version}}", sureness: "依次认为在围栏内的可能性：{{list}}", key: "越高越可能在内；虚线为一半" },
  companions: {
    title: "陪同人的终端", explain: "最多 {{n}} 个。陪同人的终端就在身旁时，来回走、绕圈要更明显才报警，夜间外出不报警；离开围栏、求助和跌倒照样报警。", none: "没有登记。", handset: "终端编号", add: "添加", by_name: "按老人姓名查找", remove: "去掉 {{words}}",
    fault: { id: "编号只能用英文字母、数字和 . _ - :，最多 64 个。", own: "这是老人自己的终端。", there: "已经在里面了。", many: "已经满了，请先去掉一个。", no_handset: "这位没有终端。" },
  },
  habits: {
    title: "学到的习惯", show: "平常走动的地方", nothing: "还没有学到什么。设为守护习惯或久无活动的老人，每天夜里从轨迹学一次。", ready: "学了 {{n}} 天，已用来判断（满 {{least}} 天起）。", not_ready: "学了 {{n}} 天，满 {{least}} 天才用来判断。", places: "平常走动的地面有 {{n}} 格，每格 75 米见方，至少两天走过。", no_places: "还没有哪里走过两天。",
    up_by: "平常 {{time}} 之前已经出门。", no_mornings: "早上出门的时间不固定，不用来判断。", key: "紫色越深，走过的天数越多。连成一线的格子，就是平常走的路。", most: "走得最多的地方", place: "北纬 {{lat}}、东经 {{lon}}：走过 {{n}} 天", place_from_home: "离家约 {{distance}}：走过 {{n}} 天",
    forget_near: "忘掉一处", forget_here: "忘掉这里", forget_one: "忘掉：{{words}}", click: "在地图上点一下，或输入坐标。", within: "忘掉多大范围", square: "只这一格", count: "这里有 {{n}} 格。", forget: "忘掉", forget_ask: "忘掉这里？", forget_what: "会忘掉 {{n}} 格，不能恢复。以后再走过两天，会重新学到。", forgotten: "已忘掉这里。",
  },
  falls: {
    title: "跌倒记录", show: "跌倒记录", hide: "收起跌倒记录", explain: "终端报告过的每一次，没有报警的也在内。每次查看都会记入日志。", none: "没有跌倒报告。", raised: "已报警", not_raised: "没有报警", to_incident: "打开警情", came_late: "{{time}} 才收到", between: "；",
    likelihood: { sure: "几乎可以肯定是跌倒（{{n}} %）", likely: "很可能是跌倒（{{n}} %）", possible: "可能是跌倒（{{n}} %）", unlikely: "不太像跌倒（{{n}} %）", unjudged: "没有数据可以判断" },
    asked: "{{time}} 询问“您还好吗？”：{{heard}}", no_reply: "还没有回答", replies: { well: "老人回答自己没事", not_well: "老人回答自己不好", silence: "没有回答", not_reached: "询问无法送达终端" },
  },
  watching: {
    nobody: "未设置围栏与看护策略：走失、久无活动都不会报警，按键求助照常。", failed: "读取不到是否有围栏与看护策略。", late: "终端迟迟没有消息", late_since: "终端迟迟没有消息，已 {{age}}", offline: "终端离线", offline_since: "终端离线，已 {{age}}", battery: "电量预计 {{time}} 用完", battery_over: "电量预计 {{time}} 已用完", and: "；", read_at: "{{time}} 读取",
  },
  snooze: { legend: "仍在外时的重复提醒", legend_zones: "仍在{{names}}内时的重复提醒", legend_both: "仍在外，或仍在{{names}}内时的重复提醒", zone: "「{{name}}」", and: "、", hint_zone: "离开后再进入、求助和跌倒照样报警。", none: "照常提醒", hours: "静默 {{n}} 小时", hint: "再次离开、走得更远、求助和跌倒照样报警。", until: "重复提醒静默到 {{time}}" },
};
