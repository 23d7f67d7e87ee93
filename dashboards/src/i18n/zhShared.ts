/** Simplified Chinese that every page says alike. `enShared.ts` has the same keys. */
export const zhShared = {
  login: {
    username: "用户名", password: "密码", submit: "登录", bad_credentials: "用户名或密码不正确。", throttled: "尝试次数过多，请在 {{n}} 秒后再试。", unreached: "连不上服务器，请检查网络后重试。", refused: "登录失败：{{detail}}",
    code_required: "用户名和密码正确。请再输入手机验证器里现在的 6 位验证码。", bad_code: "验证码不对，或已经用过。请等下一个验证码再试。", shut_out: "这个账号已被停用，请联系管理员。",
  },
  account: { code: "动态验证码", code_if_any: "账号设有验证码时填写" },
  age: { seconds: "{{n}}秒", minutes: "{{n}}分钟", hours: "{{n}}小时{{minutes}}分", days: "{{n}}天", ago: "{{duration}}前" },
  distance: { metres: "{{n}} 米", kilometres: "{{n}} 公里" },
  link: { up: "链路正常", connecting: "正在连接", down: "链路中断", stopped: "未连接", session_ended: "登录失效", crowded: "这个账号同时打开的页面太多，本页让出了位置；请关掉不用的页面，半分钟后自动重连。" },
};

/** What happened, in the words of those who handle it. */
export const zhIncident = {
  severity: { life: "生命", urgent: "紧急", notice: "关注", technical: "技术" },
  kind: {
    press: "求助", call: "来电", fall: "跌倒", wandering: "走失迹象", fence_exit: "离开围栏", zone_entry: "进入区域", overdue: "逾时未归",
    inactivity: "久未活动", silence: "终端失联", low_battery: "电量低", taken_off: "终端摘下", login_refused: "终端登录被拒", two_places: "终端两处在线",
  },
  summary: {
    none: "尚无信号", nth: "第{{n}}次{{kind}}", first: "{{kind}}", when: "{{what}}，{{age}}", late: "{{pressed}}{{what}}，{{arrived}}",
    arrived_now: "刚刚收到", arrived: "{{age}}收到", cancelled: "{{kind}}后又取消，{{age}}，仍须核实",
  },
};

/** How far a task has come, as the desk and the station both call it. */
export const zhReached = { acknowledged: "已接单", en_route: "已出发", finished: "已完成" };

/** What stands on and about a map. */
export const zhMap = {
  title: "位置", loading: "正在载入地图…", failed: "地图无法显示，请看旁边的文字。", schematic_note: "示意底图：不要据此指路", words: "地图：{{words}}", home: "住址", person: "老人位置", zoom_in: "放大", zoom_out: "缩小", recentre: "回到老人位置", with_responders: "老人和站员一起看",
};
