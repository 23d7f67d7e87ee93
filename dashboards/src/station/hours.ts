/** When somebody works at a station, and what it can do. Pure. */
import type { Skill, StationHours } from "../api/types";
import { isOnCall, minuteOfWeek } from "../roster/week";
import { shiftWords } from "../roster/words";
import type { Translate } from "../time/format";

export const SKILLS = ["first_aid", "lifting", "dementia", "vehicle", "key"] as const satisfies readonly Skill[];

/** The server's own figure: three spans on each day. */
export const SPANS = 21;

/** Where no hours are told somebody always works. */
export const worksAt = (hours: readonly StationHours[], ms: number): boolean => hours.length === 0 || hours.some((each) => isOnCall(each, minuteOfWeek(ms)));

/** 周一至周五 08:00–18:00；周六 09:00–12:00. */
export const hoursWords = (hours: readonly StationHours[], t: Translate): string => (hours.length === 0 ? t("stations.always") : hours.map((each) => shiftWords(each, t)).join(t("stations.hours_and")));

export const skillWords = (skills: readonly Skill[], t: Translate): string => skills.map((skill) => t(`skill.${skill}`)).join(t("week.and"));
