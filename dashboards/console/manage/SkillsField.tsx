import { useTranslation } from "react-i18next";
import type { Skill } from "../../src/api/types";
import { SKILLS } from "../../src/station/hours";

/** What a station can do besides going there. */
export function SkillsField({ skills, onChange }: { skills: readonly Skill[]; onChange(skills: readonly Skill[]): void }) {
  const { t } = useTranslation();
  const toggle = (skill: Skill) => onChange(skills.includes(skill) ? skills.filter((each) => each !== skill) : [...skills, skill]);
  return (
    <fieldset className="choice">
      <legend>{t("stations.skills")}</legend>
      <div className="choice-options">
        {SKILLS.map((skill) => (
          <label key={skill} className={skills.includes(skill) ? "choice-option chosen" : "choice-option"}>
            <input type="checkbox" name={skill} checked={skills.includes(skill)} onChange={() => toggle(skill)} /> {t(`skill.${skill}`)}
          </label>
        ))}
      </div>
      <p className="field-hint">{t("stations.skills_hint")}</p>
    </fieldset>
  );
}
