/** Simplified Chinese of looking somebody up, of what a person may ask for, of who is logged in where, and of programs' accounts. */
export const zhDuty = {
  closed_case: {
    title: "为什么打开已结警情", explain: "这起警情已经结案，您最近一天没有处理过它。理由会记入日志，由班长复核。", open_it: "打开", reasons: { review: "复盘或质量检查", complaint: "答复投诉或询问", again: "同一位老人又有情况", other: "其他" },
  },
  lookup: {
    menu: "查询老人", title: "查询老人", open: "查看 {{name}}", open_explain: "老人没有未结警情，查看须有理由。理由会记入日志，由班长复核。", open_it: "查看", reasons: { call: "有人来电询问", missing: "协助寻人", other: "其他" },
    has_open: "{{name}} 有未结警情，在警情里看得更全，也不用写理由。", to_incident: "打开警情", masked: "电话只显示末四位，不显示住址。位置是查看那一刻的，不会自动更新。要完整电话、住址或实时位置，请用“登记来电”开立警情。",
    again: "再查一次位置", renewed: "已按同一理由再查一次，也已记入日志。", reason: "理由：{{reason}}",
  },
  rights: {
    title: "个人信息权利", explain: "老人可以要一份自己的资料，可以知道谁看过，也可以要求删除。每次都会记入日志。", reason: "谁提出的，凭什么", reason_hint: "例如：本人持身份证到场申请", copy: { all: "下载个人信息副本", looks: "下载“谁看过我”", older: "还有更早的：下载下一部分" },
    whole: "副本里显示完整的电话、地址和证件号",
    saved: { all: "已下载 {{file}}。里面的电话和证件号只有后四位，没有地址。只交给本人或监护人。", whole: "已下载 {{file}}。里面的电话和证件号是完整的，只交给本人或监护人。", looks: "已下载 {{file}}，可用 Excel 打开。只交给本人或监护人。" },
    erase: "删除个人信息", erase_whom: "删除 {{name}} 的个人信息", erase_what: "{{name}} 的档案、联系人、轨迹，以及历次警情里的个人信息都会删除，不能恢复。家属随即看不到任何情况；终端再求助，不知道是谁。", confirm: "请输入老人编号 {{id}} 确认", erase_it: "永久删除",
    erased: "{{id}} 的个人信息已于 {{time}} 删除，涉及 {{n}} 起警情。", stays: "以下内容仍然保留：", refusal: { incident_open: "没有完成：有未结警情，请先结案，再删除一次。", erased: "这位老人的个人信息已经删除过了。" },
  },
  running: {
    menu: "登录设备", title: "正在登录的设备", explain: "手机丢失、怀疑被盗用时，让它退出。知道密码的人还能再登录：请随后联系管理员停用或重设密码。每次查看都会记入日志。", search: "按用户名或来源地址筛选", none: "没有符合的登录。", count: "{{n}} 处登录", more: "另有 {{n}} 人没有列出，请输入用户名。", cut: "登录太多，这里只有最近 {{n}} 处。查某个账号的全部登录，请输入完整用户名。",
  },
  program: {
    title: "接口账号", explain: "账号 {{username}} 供程序使用，例如电话交换机报来电，没有可看的页面。请把用户名和密码填进程序里，再退出登录。", invite: "给程序用，例如电话交换机。由负责的人打开邀请链接，设定用户名和密码，再填进程序里，见 docs/exchange.md。",
  },
};
