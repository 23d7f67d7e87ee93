import { describe, expect, it } from "vitest";
import { zh } from "../../console/i18n/zh";
import type { ResidentCard } from "../../src/api/types";
import { divisionCode, divisionLevel, liesIn } from "../../src/resident/division";
import { contactsOf, type Draft, draftOf, emptyDraft, isMasked, numberOf, recordOf } from "../../src/resident/draft";
import { faultSaid, faultsOf, withoutThose } from "../../src/resident/faults";
import { allOf, moved, without } from "../../src/resident/lists";
import { isBeyond, isScoped, scopeFault, scopeOf } from "../../src/resident/scope";

const TODAY = "2026-11-28";
const card: ResidentCard = {
  id: "r-0001", name: "王秀英", sex: "female", birth_date: "1941-03-02", age: 85, address: "****", telephone: "****6266", lives_alone: true, cognitive_impairment: false,
  self_care: "partial", conditions: ["高血压"], allergies: [], division: "321302005003", handset: "demo-0001", home: null, position: null, absences: [],
  contacts: [{ order: 2, name: "李强", relation: "儿子", telephone: "****1111" }, { order: 1, name: "李敏", relation: "女儿", telephone: "****5678" }],
};
const typed = (change: Partial<Draft> = {}): Draft => ({
  ...emptyDraft(null), name: " 王秀英 ", sex: "female", birth_date: "1941-03-02", household: "alone", cognitive: "no", self_care: "partial", ...change,
});
const kinds = (draft: Draft, scope: string | null = null) => Object.fromEntries(Object.entries(faultsOf(draft, scope, TODAY)).map(([field, { kind }]) => [field, kind]));
const sealed = (words: string, isRemoved = false) => ({ typed: words, isRemoved });

describe("the code of a division", () => {
  it.each([
    ["321302", "district"], ["321302005", "township"], ["321302005003", "community"], ["３２１３０２", "district"], [" 321302 005 ", "township"],
    ["3213", null], ["32130200a", null], ["321302005003001", null], ["", null],
  ])("%j is a %s", (text, level) => expect(divisionLevel(divisionCode(text))).toBe(level));

  it("begins with the code of the one it lies in", () => {
    expect([liesIn("321302", "321302005"), liesIn("321302", "321302"), liesIn("321302", "321311"), liesIn(null, ""), liesIn("321302", "")]).toEqual([true, true, false, true, false]);
  });
});

describe("whose residents an account is for", () => {
  it.each([
    [null, "", null], [null, "321302", null], [null, "3213", "division"], ["321302", "", "elsewhere"], ["321302", "321311", "elsewhere"], ["321302", "321302005", null], ["321302", "x", "division"],
  ])("given by somebody of %s, typed %j: %s", (own, text, fault) => expect(scopeFault(own, text)).toBe(fault));

  it("bounds whose accounts somebody keeps", () => {
    expect([isBeyond(null, null), isBeyond(null, "321302"), isBeyond("321302", null), isBeyond("321302", "321311"), isBeyond("321302", "321302005")]).toEqual([false, false, true, true, false]);
  });
  it("is sent as digits, or as nobody's in particular", () => {
    expect([scopeOf(" 321302 "), scopeOf("  ")]).toEqual(["321302", null]);
    expect((["operator", "supervisor", "admin", "station", "relative", "auditor", ""] as const).filter(isScoped)).toEqual(["operator", "supervisor", "admin"]);
  });
});

describe("a list in a form", () => {
  it("has what was added and what is typed, each once", () => {
    expect(allOf({ list: ["高血压"], typed: "糖尿病、高血压， 冠心病;" })).toEqual(["高血压", "糖尿病", "冠心病"]);
    expect(allOf({ list: [], typed: "  " })).toEqual([]);
  });
  it("is put in another order by a place at a time", () => {
    expect([moved(["a", "b", "c"], 1, -1), moved(["a", "b", "c"], 1, 1), moved(["a", "b"], 0, -1), moved(["a", "b"], 1, 1)]).toEqual([["b", "a", "c"], ["a", "c", "b"], ["a", "b"], ["a", "b"]]);
    expect(without(["a", "b", "c"], 1)).toEqual(["a", "c"]);
  });
});

describe("a record that is put right", () => {
  it("sends nothing back of what came masked", () => {
    const record = recordOf(draftOf(card));
    expect(JSON.stringify(record)).not.toContain("*");
    expect(record).toMatchObject({
      id: null, name: "王秀英", lives_alone: true, cognitive_impairment: false, conditions: ["高血压"], division: "321302005003", home: null,
      identity_number: null, telephone: null, address: null, contacts: null,
    });
  });
  it("replaces what is typed, removes what is switched off, and keeps the rest", () => {
    const draft = { ...draftOf(card), telephone: sealed(" 0527-88556266 "), address: sealed("幸福路1号", true) };
    expect(recordOf(draft)).toMatchObject({ telephone: "0527-88556266", address: "", identity_number: null });
  });
  it("asks for the telephones of contacts again, in their order", () => {
    const contacts = contactsOf(card);
    expect(contacts.map(({ name, telephone, shown }) => [name, telephone, shown])).toEqual([["李敏", "", "****5678"], ["李强", "", "****1111"]]);
    expect(kinds({ ...draftOf(card), contacts })).toEqual({ "contacts.0.telephone": "again", "contacts.1.telephone": "again" });
    expect(kinds({ ...draftOf(card), contacts: contacts.map((each) => ({ ...each, telephone: each.shown })) })).toEqual({ "contacts.0.telephone": "masked", "contacts.1.telephone": "masked" });
  });
  it("lets somebody choose where a later server's word is not known", () => {
    expect(kinds(draftOf({ ...card, self_care: "with_aids" }))).toEqual({ self_care: "needed" });
  });
  it("knows a mask", () => expect(["****", "****5678", "13912345678", "*"].map(isMasked)).toEqual([true, true, false, false]));
});

describe("a new record", () => {
  it("is sent without what was not typed", () => {
    expect(recordOf(typed())).toEqual({
      id: null, name: "王秀英", sex: "female", birth_date: "1941-03-02", lives_alone: true, cognitive_impairment: false, self_care: "partial", conditions: [], allergies: [],
      home: null, division: null, identity_number: null, telephone: null, address: null, contacts: [],
    });
  });
  it("takes numbers as they are typed", () => {
    expect([numberOf(" 33.9631 "), numberOf("３３．９"), numberOf("118。2769"), numberOf("33,9"), numberOf("")]).toEqual([33.9631, 33.9, 118.2769, null, null]);
    expect(recordOf(typed({ lat: "33.9631", lon: "118.2769" })).home).toEqual({ lat: 33.9631, lon: 118.2769 });
  });
  it("is begun in the area of whoever enters it", () => {
    expect(emptyDraft("321302").division).toBe("321302");
    expect([kinds(typed(), "321302"), kinds(typed({ division: "321311" }), "321302"), kinds(typed({ division: "321302005" }), "321302")]).toEqual([{ division: "elsewhere" }, { division: "elsewhere" }, {}]);
  });
});

describe("what is wrong with a record", () => {
  it.each<[Partial<Draft>, Record<string, string>]>([
    [{}, {}],
    [{ name: " " }, { name: "needed" }],
    [{ name: "王".repeat(101) }, { name: "long" }],
    [{ sex: "", household: "", cognitive: "", self_care: "" }, { sex: "needed", household: "needed", cognitive: "needed", self_care: "needed" }],
    [{ birth_date: "" }, { birth_date: "needed" }],
    [{ birth_date: "2026-11-29" }, { birth_date: "date" }],
    [{ birth_date: "0194-01-02" }, { birth_date: "date" }],
    [{ division: "32130" }, { division: "division" }],
    [{ lat: "33.9" }, { home: "home" }],
    [{ lat: "118.2769", lon: "33.9631" }, { home: "home" }],
    [{ conditions: { list: Array.from({ length: 20 }, (_, n) => `病${n}`), typed: "又一种" } }, { conditions: "many" }],
    [{ telephone: sealed("****6266") }, { telephone: "masked" }],
    [{ telephone: sealed("****6266", true) }, {}],
    [{ id: "老人 1" }, { id: "id" }],
    [{ contacts: [{ key: 0, name: "李敏", relation: "", telephone: "", shown: "" }] }, { "contacts.0.relation": "needed", "contacts.0.telephone": "needed" }],
  ])("%j", (change, faults) => expect(kinds(typed(change))).toEqual(faults));

  it("is forgotten where it is typed anew", () => {
    const faults = faultsOf(typed({ name: "", lat: "1", contacts: contactsOf(card) }), null, TODAY);
    expect(Object.keys(withoutThose(faults, ["lat", "contacts"]))).toEqual(["name"]);
  });
});

describe("what the server says is wrong", () => {
  it.each([
    ["name must say something", "name", "needed"],
    ["contacts.name must say something", "contacts", "needed"],
    ["telephone has at most 100 characters", "telephone", "long"],
    ["conditions: at most 20", "conditions", "many"],
    ["address holds a control character", "address", "sign"],
    ["sex is one of: female, male", "sex", "other"],
    ["birth_date is YYYY-MM-DD", "birth_date", "date"],
    ["home: latitude 91 is not on earth", "home", "home"],
    ["your account is for 321302; division must lie in that", "division", "elsewhere"],
    ["a division's code has 6 (district), 9 (township) or 12 digits (community), not \"3\"", "division", "division"],
  ])("%s", (detail, field, kind) => {
    const said = faultSaid("unprocessable", detail);
    expect(Object.entries(said ?? {}).map(([at, fault]) => [at, fault.kind])).toEqual([[field, kind]]);
    expect(zh.manage.residents.fault).toHaveProperty(kind);
  });
  it("is told whole where it is about no field", () => {
    expect(faultSaid("unprocessable", "something else")).toBeNull();
    expect(faultSaid("store_unavailable", "name must say something")).toBeNull();
    expect(faultSaid("id_taken", "there is a resident of this id")).toEqual({ id: { kind: "taken" } });
  });
});
