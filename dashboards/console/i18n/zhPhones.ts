/** Simplified Chinese of telephones that stand in for a handset, and of what somebody carried. */
export const zhPhones = {
  carried: { title: "携带过的终端", never: "从未携带过终端。", telephone: "手机" },
  phones: {
    title: "代替终端的手机", none: "没有绑定手机。", add: "添加手机", app: "手机上的应用", apps: { owntracks: "OwnTracks（安卓、苹果）", osmand: "Traccar Client 或 OsmAnd（可按求助）" }, name: { owntracks: "OwnTracks：{{user}} / {{device}}", osmand: "Traccar Client / OsmAnd" },
    user: "用户", device: "设备", name_rules: "不能有 / + #", passphrase: "加密口令（可不填）", passphrase_rules: "与应用里填的相同，最多 32 字节", replaces: "原来的标识随即作废，旧手机不再算这个终端。", bind: "绑定", remove: "解绑", remove_of: "解绑 {{phone}}",
    remove_ask: "解绑 {{phone}}？", remove_what: "这部手机发出的一切，包括求助，随即不再收到。", removed: "已解绑 {{phone}}。", code_for: "{{handset}} 的手机：扫码设置",
    id: "设备标识", osmand_explain: "Traccar Client：在设置里扫这个二维码；或手填服务器地址 {{server}} 和下面的标识。", osmand_address: "OsmAnd 在线跟踪网址",
    owntracks_explain: "在手机上打开 OwnTracks，连接方式选 HTTP，网址填：", owntracks_log_in: "用户名填 {{handset}}，密码填这个终端的密钥。", link: "设置链接", make: "换发密钥，用二维码设置", make_explain: "新密钥写在二维码里，不用手填。新密钥一经使用，旧密钥随即作废：这个终端的其他手机和设备要重新设置。",
    scan_explain: "用手机相机扫码，OwnTracks 会打开并导入设置。也可以把链接发到手机上点开。", sealed_explain: "二维码里没有加密口令：设置好后，还要在 OwnTracks 的“加密密钥”一栏手工填入同一口令，否则消息不加密；填错了，消息无法识读。", later: "以后再设置",
  },
};
