/** Simplified Chinese of what is done once somebody has an incident: stations, 120, other operators. */
import { zhReached } from "../../src/i18n/zhShared";

const reached = { ...zhReached, on_scene: "已到场" };

export const zhDispatch = {
  dispatch: {
    button: "派服务站", another: "另派服务站", title: "派服务站", loading: "正在查找服务站…", failed: "服务站读取失败。", none: "还没有登记服务站，请联系 120 或家属。", list: "服务站（可多选）",
    from: { position: "距离从老人现在的位置算起（直线）", home: "位置太旧，距离从住址算起（直线）", old_position: "位置太旧，又没有住址：距离只作参考（直线）", nowhere: "不知道老人在哪里，算不出距离" }, off: "，误差约 {{distance}}", wanted: "这类警情优先推荐能做这些的：{{skills}}",
    recommended: "推荐", none_recommended: "现在没有可以推荐的服务站：看清各站的情况再选，或者先联系 120。", no_distance: "距离不明", load_none: "手上没有任务", load: "手上 {{n}} 个任务", online: "在线", offline: "离线：请电话 {{telephone}}", unknown: "不知道是否在线：请电话 {{telephone}}",
    against: { asked: "已经派了", off_duty: "不在岗", out_of_hours: "不在服务时间", declined: "这次没能去", busy: "手上任务多", no_account: "没有账号，只能打电话", nobody_online: "没有人在线", online_unknown: "不知道是否在线", lacks_skill: "没有所需的能力", farther: "路较远", more_tasks: "一样近，任务较多", position_old: "位置太旧，比不出远近", even: "条件相当" },
    ring: "{{name}} 现在没有人在线，看不到任务。派出后请马上打电话：", ring_unknown: "不知道 {{name}} 有没有人在线。派出后请马上打电话：", note: "给服务站的话", note_hint: "例如：敲门要久一点，老人耳背", submit: "派出", submit_many: "派出 {{n}} 家", choose: "请至少选一家服务站。", done: "已派出：{{names}}。",
    keys: "回车派出，空格勾选",
  },
  responder: {
    who: "{{station}}（{{name}}）", distance: "距老人直线约 {{distance}}", no_distance: "不知道老人在哪里，距离不明", stale: "位置已过时", eta: "粗估还要 {{time}}", mark: "{{station}} {{age}}",
  },
  task: {
    title: "服务站", step: { offered: "已派单", ...reached },
    state: { offered: "等待接单", ...reached, declined: "婉拒", failed: "没去成", withdrawn: "已撤回" },
    since: "{{time}} 起", at: "{{time}}", untimed: "未报", to_come: "未到", who: "站员 {{name}}", told: "交代：{{note}}", said: "站方：{{words}}", why: "原因：{{words}}", due: "{{time}} 内应有回音", due_over: "回音已过时 {{time}}",
    trouble: {
      declined: "{{station}} 不能去。请另派服务站，或者移交 120 / 110 / 119。", failed: "{{station}} 没去成。请另派服务站，或者移交 120 / 110 / 119。",
      silent: "{{station}} 提醒后仍没有回音。请马上打电话，把对方的话代记下来，或者撤回另派。", reminded: "{{station}} 没有按时回音，已提醒一次。", offline: "{{station}} 没有人在线，看不到任务。请打电话，把对方的话代记下来。",
    },
    needs: { no_answer: "无人应门", need_ambulance: "需要 120", need_help: "站员需要帮助", still_at_it: "还在处理，一切正常", still_at_it_en_route: "还在路上" }, needs_loud: "{{station}}：{{what}}", needs_last: "现场最后说的：{{what}}", needs_last_en_route: "路上最后说的：{{what}}", needs_seen: "已知悉", needs_note: "已知悉：{{station}} {{what}}",
    row: { declined: "{{station}}婉拒", failed: "{{station}}没去成", silent: "{{station}}没有回音" }, call: "打电话给 {{station}} {{telephone}}",
    behalf: "代记", behalf_of: "代记：{{station}}", behalf_title: "代记 {{station}} 的话", behalf_explain: "服务站用电话回话时，由您代为记下。", what: "对方说", words: "原话（谁说的、怎么说的）", words_hint: "例如：王强来电，已经出发，十分钟到",
    act: { acknowledge: "接了", decline: "不能去", "en-route": "已出发", "on-scene": "已到场", finish: "已完成", fail: "没去成" }, ended: "这个任务已经结束。", behalf_submit: "记下", behalf_done: "已代记：{{station}}，{{what}}。",
    withdraw: "撤回", withdraw_of: "撤回：{{station}}", withdraw_title: "撤回 {{station}} 的任务", withdraw_explain: "站方会立即看到任务已撤回，也会看到原因：请不要写姓名、住址和病情。", reason: "原因", withdraw_submit: "撤回任务", withdraw_done: "已撤回 {{station}} 的任务。", count: "{{n}} 家服务站",
    closing: "还有 {{n}} 家服务站没有办完，结案会一并撤回：{{names}}。",
  },
  transfer: {
    button: "转交", title: "转交给别的接线员", explain: "转交后由对方负责，您不再是接警人。请先口头说一声。", to: "对方的用户名", hint: "接线员或班长的登录用户名", submit: "转交", done: "已转交给 {{name}}。",
    received: "转交给您", received_words: "{{name}} 把 {{who}} 的警情转交给您",
    take: "接手", take_ask: "从 {{name}} 手里接手？", take_what: "之后由您负责，{{name}} 不再是接警人。请告诉对方一声。", taken: "已从 {{name}} 手里接手，由您负责。",
  },
  handover: { button: "移交 120 / 110 / 119", title: "移交 120 / 110 / 119", explain: "先打电话，再把说过的话记下来。您仍是接警人，请继续跟进。", to: "移交给", "120": "120 急救", "110": "110 公安", "119": "119 消防", words: "说了什么，对方怎么答", words_hint: "例如：已报地址和病情，救护车 8 分钟到", submit: "记下移交", done: "已记下移交 {{to}}。" },
  identify: { button: "这是谁", correct: "不是此人", title: "这是谁", explain: "查到是谁后，档案、家属和位置会一起显示；没有结案的警情一人只有一起。", is: "确认是 {{name}}", nobody: "不知道是谁", done: "已记下：{{name}}。", done_nobody: "已改为身份不明。", now: "现在记的是 {{name}}。" },
  resolve: { button: "已解除", done: "已记下险情解除，还要结案。" },
  reopen: { button: "重新受理", title: "重新受理", explain: "结案后 24 小时内可以重新受理，由您接警。", reason: "原因", submit: "重新受理", done: "已重新受理，由您接警。" },
  refused: {
    unconfirmed: "没有结案：还有新的求助没有确认。请先逐条点“已知悉”，或请班长结案。", no_contact: "没有结案：还没有记下与本人、目击者或 120 / 110 的通话。请先记下，或请班长结案。", another_matter: "没有成功：两起警情不是同一位老人的。", same_person: "没有成功：拆出的信号须是另一个人的，请选另一位老人。", opening_signal: "没有成功：引起警情的第一个信号不能拆出。", no_signal: "没有成功：信号已不在这起警情里。",
    not_holder: "没有成功：这起警情由 {{name}} 负责，只有接警人或班长可以这样做。", not_claimed: "没有成功：还没有人接警，请先接警。", already_closed: "没有成功：警情已经结案。", already_asked: "没有成功：所选服务站里有一家已经派过，任务还没有办完。", task_conflict: "没有成功：服务站的任务刚刚有变化，请看过后再操作。",
    task_state: "没有成功：任务已经走到别的阶段，不能这样记。", tasks_open: "没有成功：还有服务站没有办完，请等它完成，或者先撤回任务。", too_late: "没有成功：结案已超过 24 小时，请另开一起。", none_recommended: "没有成功：现在没有可以推荐的服务站，请自己选，或联系 120。",
    has_open_incident: "没有成功：这位老人（或这台终端）另有一起没结案的警情，请在那一起里处理，把这一起结掉。", same_holder: "没有成功：警情本来就由 {{name}} 负责。", not_closed: "没有成功：警情没有结案，不用重新受理。", nameless: "没有成功：这起警情已经去掉个人信息，不能再改。", nobody_at_desk: "没有成功：没有这个接线员或班长，请核对用户名。",
  },
  skill: { first_aid: "急救", lifting: "搬抬", dementia: "认知症照护", vehicle: "车辆", key: "备用钥匙" },
  stations: {
    menu: "服务站", title: "服务站", add: "登记服务站", none: "还没有登记服务站。", on_duty: "在岗", off_duty: "不在岗", online: "在线", offline: "离线", unknown: "不知道是否在线", no_account: "没有账号", accounts: "{{n}} 个账号", load: "手上 {{n}} 个任务",
    correct: "更正", correct_whose: "更正 {{name}}", go_on: "设为在岗", go_off: "设为不在岗", out_of_hours: "不在服务时间", explain: "不在岗或不在服务时间的服务站不会被推荐，但仍可以派。", place: "位置", lat: "纬度", lon: "经度", name: "名称", telephone: "值班电话", id: "编号", id_hint: "英文字母、数字和 . _ - :，不填则自动生成；以后不能改。", place_hint: "十进制度数，WGS-84（GPS、天地图）。高德、腾讯、百度地图上的坐标有几百米偏差，不要直接填。",
    save: "保存更正", save_new: "登记", fault: { needed: "请填写。", long: "最多 {{n}} 个字。", place: "没有这样的地点：纬度在前，经度在后，例如 33.9631 和 118.2769。", id: "编号只能用字母、数字和 . _ - :，最多 64 个。", taken: "这个编号已有服务站使用。", days: "第 {{n}} 段服务时间：请至少选一天。", time: "第 {{n}} 段服务时间：没有这样的时间，例如 08:00。" },
    hours: "服务时间", always: "全天", always_hint: "不填就是全天都有人。", hours_and: "；", span: "第 {{n}} 段", span_add: "加一段时间", span_remove: "去掉第 {{n}} 段", skills: "能做什么", skills_hint: "跌倒优先推荐会急救、能搬抬的，走失优先推荐懂认知症照护、有车的。",
    done: { added: "已登记：{{name}}。", changed: "已保存：{{name}}。", on: "{{name}} 已设为在岗。", off: "{{name}} 已设为不在岗。" },
    works: "服务站：{{name}}", works_nowhere: "没有指定服务站", where: "所在服务站", nowhere: "以后再定", nowhere_set: "不在任何服务站", set: "设定", set_done: "{{name}} 的服务站已设为：{{station}}。", explain_where: "站员只看得到自己服务站的任务。", failed: "服务站读取失败，可以以后再定。",
  },
};
