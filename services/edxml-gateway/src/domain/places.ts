/** Places in a package, as the codec writes them. */
export const HEADER = 'edXML/edXMLEnvelope/edXMLHeader';
export const MESSAGE = `${HEADER}/MessageHeader`;
export const BUSINESS = `${HEADER}/TraceHeaderList/Bussiness`;

/** Something that was taken although neither the format nor the platform has it so. */
export interface Leniency {
  reason: string;
  path: string;
  /** What was found, and what was made of it. */
  description: string;
}

/** Where a field of IssueDocumentRequest comes from; the number of an item stands in for `#`. */
const SOURCES: readonly (readonly [field: RegExp, path: string])[] = [
  [/^number$/, `${MESSAGE}/Code/CodeNumber`],
  [/^notation$/, `${MESSAGE}/Code/CodeNotation`],
  [/^type$/, `${MESSAGE}/DocumentType`],
  [/^subject$/, `${MESSAGE}/Subject`],
  [/^content$/, `${MESSAGE}/Content`],
  [/^(urgency|deliver_by)$/, `${MESSAGE}/OtherInfo/Priority`],
  [/^place$/, `${MESSAGE}/PromulgationInfo/Place`],
  [/^(promulgated_on|exchange\.promulgation_time)$/, `${MESSAGE}/PromulgationInfo/PromulgationDate`],
  [/^signer/, `${MESSAGE}/SignerInfo`],
  [/^steering$/, `${MESSAGE}/SteeringType`],
  [/^(due_on|exchange\.due_time)$/, `${MESSAGE}/DueDate`],
  [/^business_kind$/, `${BUSINESS}/BussinessDocType`],
  [/^refers_to_id$/, `${BUSINESS}/DocumentId`],
  [/^business_reason$/, `${BUSINESS}/BussinessDocReason`],
  [/^responds_to_id$/, `${MESSAGE}/ResponseFor`],
  [/^(?:exchange\.)?attachments\[(\d+)\]/, 'edXML/AttachmentEncoded/Attachment[#]'],
  [/^to_places\[(\d+)\]/, `${MESSAGE}/ToPlaces/Place[#]`],
  [/^appendixes\[(\d+)\]/, `${MESSAGE}/OtherInfo/Appendixes/Appendix[#]`],
  [/^page_amount$/, `${MESSAGE}/OtherInfo/PageAmount`],
  [/^recipients\[(\d+)\]/, `${MESSAGE}/To[#]/OrganId`],
  [/^exchange\.to\[(\d+)\]/, `${MESSAGE}/To[#]`],
  [/^recipients$/, `${MESSAGE}/To`],
  [/^exchange\.from/, `${MESSAGE}/From`],
  [/^exchange\.origin/, `${MESSAGE}/DocumentId`],
  [/^exchange\.responds_to\[(\d+)\]/, `${MESSAGE}/ResponseFor[#]`],
  [/^exchange\.traces\[(\d+)\]/, `${HEADER}/TraceHeaderList/TraceHeader[#]`],
  [/^exchange\.(business|paper|replacements|staff_info)/, BUSINESS],
  [/^(delivery_id|document_id)$/, `${MESSAGE}/ResponseFor`],
  [/^(status|late)$/, `${MESSAGE}/StatusCode`],
  [/^reason$/, `${MESSAGE}/Description`],
  [/^happened_at$/, `${MESSAGE}/Timestamp`],
];

/** The element from which a field of a request was made; the message header for a field that has none. */
export function placeOf(field: string): string {
  for (const [pattern, path] of SOURCES) {
    const match = pattern.exec(field);
    if (match) return path.replace('#', String(Number(match[1] ?? 0) + 1));
  }
  return MESSAGE;
}
