import { signingAuthority } from '@lienthong/testkit';
import { describe, expect, test } from 'vitest';
import { signXml, verifyXml } from '../src/index.ts';
import { AGENCY, against, authority, signerOf } from './support.ts';

const PACKAGE =
  '<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="urn:example"><Header a="1" b="2"><Subject>Đề nghị &amp; báo cáo</Subject></Header><Body/></edXML>';
const INTO = "//*[local-name()='Header']";
const signer = signerOf(authority.issue(AGENCY));
const signed = await signXml(PACKAGE, signer, INTO);
const check = (xml: string) => verifyXml(Buffer.from(xml), against);

describe('an XML signature', () => {
  test('is valid, in the place that was named, and names its signer', async () => {
    expect(signed).toMatch(/<\/Subject><Signature xmlns="http:\/\/www.w3.org\/2000\/09\/xmldsig#">/);
    expect(await check(signed)).toMatchObject({
      valid: true,
      trustedBy: 'AUTHORITY',
      certificate: { commonName: AGENCY.CN },
    });
  });

  test('is valid for another form of the same document', async () => {
    const same = signed.replace('a="1" b="2"', "b='2'  a='1'").replace('<Body/>', '<Body></Body>');
    expect(same).not.toBe(signed);
    expect(await check(same)).toMatchObject({ valid: true });
  });

  test.each([
    ['another text', (xml: string) => xml.replace('Đề nghị', 'Yêu cầu'), 'CONTENT_CHANGED'],
    ['an element more', (xml: string) => xml.replace('<Body', '<Body/><Body'), 'CONTENT_CHANGED'],
    [
      'another value',
      (xml: string) =>
        xml.replace(
          /<SignatureValue>./,
          (found) => `${found.slice(0, -1)}${found.endsWith('A') ? 'B' : 'A'}`,
        ),
      'SIGNATURE_WRONG',
    ],
    ['no signature', () => PACKAGE, 'SIGNATURE_MALFORMED'],
    ['two', (xml: string) => xml.replace(/<Signature .*<\/Signature>/, '$&$&'), 'SIGNATURE_MALFORMED'],
    [
      'a weak digest',
      (xml: string) => xml.replace('2001/04/xmlenc#sha256', '2000/09/xmldsig#sha1'),
      'ALGORITHM_REFUSED',
    ],
    ['no certificate', (xml: string) => xml.replace(/<KeyInfo>.*<\/KeyInfo>/, ''), 'CERTIFICATE_MISSING'],
    ['a part only', (xml: string) => xml.replace('URI=""', 'URI="#x"'), 'SIGNED_RANGE_WRONG'],
    ['a document type', (xml: string) => xml.replace('<edXML', '<!DOCTYPE x><edXML'), 'SIGNATURE_MALFORMED'],
    ['text that is no XML', () => 'x', 'SIGNATURE_MALFORMED'],
    ['nesting', () => '<a>'.repeat(50_000), 'SIGNATURE_MALFORMED'],
  ])('with %s is not valid', async (_, change, fault) => {
    expect(await check(change(signed))).toMatchObject({ valid: false, fault });
  });

  test('of a stranger is not trusted', async () => {
    const stranger = signerOf(signingAuthority().issue(AGENCY));
    expect(await check(await signXml(PACKAGE, stranger, INTO))).toMatchObject({
      valid: false,
      fault: 'CERTIFICATE_UNTRUSTED',
      certificate: { commonName: AGENCY.CN },
    });
  });

  test('is not made with RSASSA-PSS, nor where there is no such element', async () => {
    await expect(signXml(PACKAGE, { ...signer, algorithm: 'PS256' }, INTO)).rejects.toThrow('PS256');
    await expect(signXml(PACKAGE, signer, '//Nothing')).rejects.toThrow('Nothing');
  });
});
