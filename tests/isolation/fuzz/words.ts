/** Whether a text is told in the reader's language, and not in a library's or the database's own words. */
export function wordsAreOurs(text: string, locale: "zh-CN" | "en"): boolean {
  if (
    /invalid input|expected \w+|received|must match|too (?:big|small):|violates|syntax for type|error_|undefined|\[object/i.test(
      text,
    )
  )
    return false;
  return locale === "en"
    ? !/\p{Script=Han}/u.test(text.replaceAll(/[“«"].*?[”»"]/gu, "")) || /[a-z]/i.test(text)
    : /\p{Script=Han}/u.test(text);
}
