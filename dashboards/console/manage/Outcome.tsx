import type { News } from "./useAct";

/** How the last act ended. Both places are there while they are empty, or a screen reader would not hear the words come. */
export function Outcome({ news }: { news: News | null }) {
  const bad = news?.tone === "bad" ? news.words : "";
  const good = news?.tone === "good" ? news.words : "";
  return (
    <>
      <p role="alert" className={bad ? "notice bad" : "hidden"}>{bad}</p>
      <p role="status" className={good ? "notice good" : "hidden"}>{good}</p>
    </>
  );
}
