/** Why a signal was raised: the sentence, the rule behind it, and how sure it was over time. */
import { useTranslation } from "react-i18next";
import type { Signal } from "../../src/api/types";
import { type Point, sureness } from "../../src/fence/evidence";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";

const [WIDTH, HEIGHT, EDGE] = [220, 56, 5];

export function WhyRaised({ signal }: { signal: Signal }) {
  const { t } = useTranslation();
  const { evidence } = signal;
  if (evidence == null) return null;
  const points = sureness(signal);
  const measured = [
    evidence.distance_m != null && t("why.distance", { n: Math.round(evidence.distance_m) }),
    evidence.probability != null && t("why.probability", { n: Math.round(evidence.probability * 100) }),
    evidence.again != null && evidence.again > 0 && t("why.again", { n: evidence.again }),
  ].filter((words) => words !== false);
  return (
    <div className="why" data-testid="why">
      {evidence.why && <p className="why-said">{evidence.why}</p>}
      {measured.length > 0 && <p className="muted">{measured.join(" · ")}</p>}
      {points.length > 0 && <Sureness points={points} />}
      <p className="muted"><small>{t("why.rule", { rule: evidence.rule, version: evidence.version })}</small></p>
    </div>
  );
}

function Sureness({ points }: { points: readonly Point[] }) {
  const { t } = useTranslation();
  const now = useNow();
  const at = ({ x, y }: { x: number; y: number }): [number, number] => [EDGE + x * (WIDTH - 2 * EDGE), HEIGHT - EDGE - y * (HEIGHT - 2 * EDGE)];
  const line = points.map((point) => at(point).map((each) => each.toFixed(1)).join(",")).join(" ");
  const [, half] = at({ x: 0, y: 0.5 });
  const [first, last] = [points[0], points.at(-1)];
  const words = t("why.sureness", { list: points.map(({ inside }) => `${inside} %`).join("、") });
  return (
    <figure className="sureness">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={words}>
        <line x1={0} x2={WIDTH} y1={half} y2={half} className="sureness-half" />
        <polyline points={line} className="sureness-line" />
        {points.map((point) => {
          const [x, y] = at(point);
          return <circle key={point.time} cx={x} cy={y} r={3} className={point.inside >= 50 ? "sureness-in" : "sureness-out"} />;
        })}
      </svg>
      <figcaption><small>{first && timeText(first.time, now)}–{last && timeText(last.time, now)} · {t("why.key")}</small></figcaption>
    </figure>
  );
}
