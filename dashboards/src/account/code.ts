/** The digits of a code as it was typed: with a gap in the middle, or in the wide digits of a Chinese keyboard. */
export const codeDigits = (typed: string): string => typed.normalize("NFKC").replace(/\D/g, "");
