/** Simplified Chinese of an incident's action plan, of signals that wait, of putting together and taking apart. */
export const zhCase = {
  more: "更多",
  awaiting: {
    title: "又有新信号，等您确认", title_other: "又有新信号，等接警人确认", seen: "已知悉", seen_of: "已知悉：{{what}}", all: "全部已知悉", done: "已记下：已知悉。",
  },
  plan: {
    title: "处置步骤", progress: "{{done}} / {{all}}", state: { done: "已做", current: "现在", pending: "待做" }, by: "{{by}}", by_ladder: "自动", must_send: "无人应答：请派人上门", send: "派人上门", next: "下一步",
    outcome_of: "{{step}}：{{outcome}}", change: "改记", hide: "收起", why: "为什么不需要", why_hint: "例如：家属已在场", save: "记下", marked: "已记下：{{step}}，{{outcome}}。", contacts: "按顺序：{{names}}", empty: "没有步骤",
  },
  contact: {
    needed: "结案前须先与本人、目击者通话，或得到 120 / 110 的答复。在这里记下，随后结案。", who: "与谁通了话", words: "对方说了什么", words_hint: "例如：本人说只是误碰，没有摔倒", missing: "请先选与谁通了话，并写下对方的话。", submit: "记下通话并结案",
    override: "还没有与任何人通话。您是班长，可以照样结案，由您负责。", submit_anyway: "不经通话直接结案",
  },
  lost: { badge: "接线员失联", self: "您手里有 {{n}} 起警情。断线满 60 秒，别人就可以接手：请马上打电话告诉同事。", words: "{{name}} 失联：席位断线，任何人都可以接手", holder: "{{name}} 失联" },
  merge: {
    button: "并入另一起…", title: "把另一起并进来", explain: "选中的那一起随之结束，它的信号都归到这一起，经过都保留。", list: "哪一起是同一件事", busy: "有服务站没有办完，先等它完成或撤回", same: "同一位老人", held: "{{name}} 在处理", open: "待接警",
    submit: "并进来", done: "已并进来。", choose: "请选一起。",
  },
  split: {
    button: "拆分信号…", title: "拆出不是同一人的信号", explain: "选中的信号另立一起，没有人接警，会立即响铃。", list: "哪些信号是别人的（引起警情的第一个信号留下）", whom: "是谁的", nobody: "不知道是谁", submit: "拆出", done: "已拆出，另立一起，请接警。", choose: "请至少选一个信号。", choose_whom: "请查到是谁。", hint: "查到是谁；不知道就留空，按身份不明另立一起。",
  },
};
