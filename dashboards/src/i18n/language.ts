/** The language of a page: simplified Chinese first, English by a switch. One choice holds for all pages in a browser. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

type Language = "zh-Hans" | "en";

const REMEMBERED_AS = "jujiale.console.language";

function remembered(): Language {
  try {
    return localStorage.getItem(REMEMBERED_AS) === "en" ? "en" : "zh-Hans";
  } catch {
    return "zh-Hans";
  }
}

/** `follow` is called once the language is there, and whenever it changes. */
export async function startLanguage<Words extends object>(words: { zh: Words; en: Words }, follow: () => void = () => undefined): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
    follow();
  });
  await i18next.use(initReactI18next).init({
    lng: remembered(),
    showSupportNotice: false,
    fallbackLng: false,
    supportedLngs: ["zh-Hans", "en"],
    resources: { "zh-Hans": { translation: words.zh }, en: { translation: words.en } },
    // React escapes what it shows; escaping twice would garble names.
    interpolation: { escapeValue: false },
  });
}

export function switchLanguage(): void {
  const language: Language = i18next.language === "en" ? "zh-Hans" : "en";
  try {
    localStorage.setItem(REMEMBERED_AS, language);
  } catch {
    // A browser whose storage is closed forgets the choice at the next load; nothing else suffers.
  }
  void i18next.changeLanguage(language);
}

/** What goes on record is in one language, whatever this screen shows. */
export const recordWords = (key: string): string => i18next.getFixedT("zh-Hans")(key);
