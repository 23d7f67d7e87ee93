/** What everybody may do about their own account, in simplified Chinese, at every page. `enAccount.ts` has the same keys. */
export const zhAccount = {
  title: "我的账号", whose: "{{name}}（{{username}}）", cancel: "取消", back: "返回", password: "密码", old: "现在的密码", new: "新密码", again: "再输入一次新密码", show: "显示密码", change: "更换密码",
  rules: "至少 {{n}} 个字符，几个词连在一起最好记；不要包含用户名。", changed: "密码已更换，这个账号的其他登录都已退出。",
  fault: { short: "新密码太短，至少要 12 个字符。", few_signs: "新密码太单调，至少要有 5 个不同的字符。", has_name: "新密码不能包含用户名。", differs: "两次输入的新密码不一样。" },
  refusal: {
    unreached: "服务器没有应答，请检查网络后重试。", bad_credentials: "密码不对。", bad_code: "验证码不对，或已经用过。请看手机时间是否准确，等下一个验证码再试。",
    has_second_factor: "这个账号已经设有动态验证码。", name_taken: "这个用户名已经有人用了，请换一个。", invitation_void: "邀请已失效。", locked: "屏幕已锁定。", forbidden: "没有成功：您的角色不能这样做。", other: "没有成功：{{detail}}",
  },
  factor: {
    title: "动态验证码", is_on: "已开启：登录时除密码外，还要输入手机上的验证码。", is_off: "未开启。开启后，别人知道密码也无法登录。", set_up: "开启动态验证码", picture: "供验证器扫描的二维码",
    scan: "用手机上的验证器扫描二维码。", open: "打开本机的验证器", or_type_here: "打不开时，在验证器里手工输入密钥：", or_type: "不能扫描时，在验证器里手工输入密钥：", then_code: "输入验证器显示的 6 位数字。", confirm: "确认开启", password: "密码（取消动态验证码须再次输入）", password_set_up: "密码（开启动态验证码须再次输入）", remove: "取消动态验证码",
  },
  sessions: {
    title: "正在登录的设备", this: "本次登录", locked: "已锁屏", since: "{{time}} 登录，来自 {{source}}", end: "让它退出", unknown: "未知程序", failed: "读取失败。", loading: "正在读取…",
    confirm: "让这个登录退出吗？", confirm_what: "{{browser}}，来自 {{source}}。那里的画面会立即关闭。",
  },
};
