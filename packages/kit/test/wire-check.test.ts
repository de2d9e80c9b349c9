import { LodgeDossierRequest } from '@lienthong/contracts/casework';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { FollowRequest } from '@lienthong/contracts/feed';
import * as contracts from '@lienthong/contracts/routing';
import { IssueDocumentRequest } from '@lienthong/contracts/routing';
import { describe, expect, test } from 'vitest';
import { registryOf, wireChecks } from '../src/grpc/wire-check.ts';

const registry = registryOf(fileDescriptorSet());
const checkOf = wireChecks();
function found(type: string, message: object): string[] {
  const described = registry.getMessage(type);
  if (!described) throw new Error(`${type} is not among the descriptors`);
  return checkOf(described)(message).map(({ field, reason }) => `${field} ${reason}`);
}
const issue = (partial: Parameters<typeof IssueDocumentRequest.fromPartial>[0]) =>
  IssueDocumentRequest.fromPartial(partial);
const inIssue = (partial: Parameters<typeof issue>[0]) =>
  found('lienthong.routing.v1.IssueDocumentRequest', issue(partial));

describe('a decoded message', () => {
  test('that is valid stays unchanged', () => {
    const message = issue({
      subject: 'Về việc nghỉ Tết',
      urgency: 2,
      deliverBy: new Date('2200-12-31T23:59:59Z'),
      recipients: [{ recipient: { $case: 'agencyId', value: 'a' } }, {}],
      tasks: [{ content: 'Báo cáo' }],
    });
    const before = structuredClone(message);
    expect(found('lienthong.routing.v1.IssueDocumentRequest', message)).toEqual([]);
    expect(message).toEqual(before);
  });

  test.each([
    ['U+0000', 'a\u0000'],
    ['half of a pair', 'a\ud83d'],
    ['31 combining marks in a row', `a${'\u0301'.repeat(31)}`],
  ])('with %s has a violation for each place, and a blank there', (_, text) => {
    const message = issue({
      subject: text,
      toPlaces: ['Huế', text],
      signer: { position: text },
      recipients: [{}, { recipient: { $case: 'code', value: { scheme: 'QD20', code: text } } }],
      tasks: [{ content: text }],
    });
    expect(found('lienthong.routing.v1.IssueDocumentRequest', message).sort()).toEqual([
      'recipients[1].code.code FIELD_INVALID',
      'signer.position FIELD_INVALID',
      'subject FIELD_INVALID',
      'tasks[0].content FIELD_INVALID',
      'to_places[1] FIELD_INVALID',
    ]);
    expect(message.toPlaces).toEqual(['Huế', '']);
    expect(message.signer?.position).toBe('');
  });

  test('may have 30 combining marks in a row', () => {
    expect(inIssue({ subject: `a${'\u0301'.repeat(30)}`.repeat(100) })).toEqual([]);
  });

  test.each([
    ['before 1900', -2_208_988_800_001],
    ['after 2200', 7_289_654_400_000],
    ['beyond what an instant may be', Number.NaN],
  ])('with an instant %s is refused', (_, at) => {
    expect(inIssue({ deliverBy: new Date(at) })).toEqual(['deliver_by TIMESTAMP_INVALID']);
  });

  test('with a number that an enum does not have is refused', () => {
    expect(inIssue({ urgency: 99 as never, steering: -1 as never })).toEqual([
      'urgency ENUM_INVALID',
      'steering ENUM_INVALID',
    ]);
  });

  test('is checked in the keys and values of maps', () => {
    const message = LodgeDossierRequest.fromPartial({ data: { ok: 'a', bad: '\u0000', 'k\u0000': 'b' } });
    expect(found('lienthong.casework.v1.LodgeDossierRequest', message)).toEqual([
      'data.bad FIELD_INVALID',
      'data FIELD_INVALID',
    ]);
    expect(message.data).toEqual({ ok: 'a', bad: '' });
  });
});

test('the generated code names fields as the check does', () => {
  const generated = { ...contracts, FollowRequest, LodgeDossierRequest } as Record<string, unknown>;
  for (const [name, fns] of Object.entries(generated)) {
    const type = registry.getMessage(`lienthong.routing.v1.${name}`);
    if (!type) continue;
    const message = (fns as { fromPartial(partial: object): object }).fromPartial({});
    expect(Object.keys(message).sort()).toEqual(type.members.map(({ localName }) => localName).sort());
  }
});
