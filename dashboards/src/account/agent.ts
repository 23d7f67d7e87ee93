/** A browser and its device in two words, from what the browser says it is. Good for telling own sessions apart, no more. */

const BROWSERS: readonly [RegExp, string][] = [
  // Those that say they are another one as well come first.
  [/MicroMessenger\//, "微信 WeChat"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/HuaweiBrowser\//, "Huawei Browser"],
  [/MQQBrowser\//, "QQ Browser"],
  [/Chrom(e|ium)\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const DEVICES: readonly [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux|X11/, "Linux"],
];

const firstIn = (known: readonly [RegExp, string][], agent: string) => known.find(([sign]) => sign.test(agent))?.[1];

/** `Chrome · Windows`; of a program that is no browser its own first words, `null` where nothing was said. */
export function browserOf(agent: string): string | null {
  const parts = [firstIn(BROWSERS, agent), firstIn(DEVICES, agent)].filter((part) => part !== undefined);
  if (parts.length > 0) return parts.join(" · ");
  return agent.trim().slice(0, 40) || null;
}
