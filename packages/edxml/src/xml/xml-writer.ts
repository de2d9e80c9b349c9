const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser would read it as a line feed.
  '\r': '&#xD;',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 does not have
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

/** True when XML 1.0 can hold the text. */
export const isXmlText = (text: string): boolean => !NOT_XML.test(text);

export const escapeXml = (text: string): string => text.replace(/[&<>"\r]/g, (one) => ESCAPES[one] as string);

/** An element with XML inside. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;
