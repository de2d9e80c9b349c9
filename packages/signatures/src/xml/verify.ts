import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { checkKey } from '../algorithms.ts';
import { describeCertificate, readCertificate } from '../certificates/certificate.ts';
import { checkChain } from '../certificates/chain.ts';
import type { Against } from '../cms/verify.ts';
import { malformed, SignatureError, type Verdict, verdictOf } from '../verdict.ts';
import {
  digestClasses,
  ENVELOPED,
  EXCLUSIVE_C14N,
  INCLUSIVE_C14N,
  isAcceptedDigest,
  isAcceptedSignature,
  verifyingClasses,
  XMLDSIG,
} from './algorithms.ts';

/** The document is in memory several times while it is checked. */
const MAX_XML_BYTES = 32 * 1024 * 1024;
const MAX_CERTIFICATES = 10;
const TRANSFORMS: readonly string[] = [ENVELOPED, EXCLUSIVE_C14N, INCLUSIVE_C14N];

/**
 * Checks the one enveloped signature of an XML document (XMLDSig) that covers the document as a whole; one that covers only
 * parts is SIGNED_RANGE_WRONG. Never throws for bytes.
 */
export const verifyXml = (xml: Uint8Array, { trust, at }: Against): Promise<Verdict> =>
  verdictOf(async (found) => {
    if (xml.length > MAX_XML_BYTES)
      throw new SignatureError('SIGNATURE_TOO_LARGE', `a signed document has at most ${MAX_XML_BYTES} bytes`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(xml);
    // Entities would let a document look different to another parser.
    if (/<!DOCTYPE/i.test(text)) throw malformed('the document has a document type');
    const signature = theSignature(text);
    const certificates = childTexts(signature, 'X509Certificate').map((base64) =>
      readCertificate(Buffer.from(base64, 'base64')),
    );
    const [own] = certificates;
    if (!own) throw new SignatureError('CERTIFICATE_MISSING', 'the signature does not bring its certificate');
    if (certificates.length > MAX_CERTIFICATES) throw malformed('the signature brings too many certificates');
    const certificate = describeCertificate(own);
    found.certificate = certificate;
    checkKey(own.x509.publicKey);
    checkSigned(signature);
    const signed = new SignedXml({ publicCert: own.x509.toString(), getCertFromKeyInfo: () => null });
    signed.HashAlgorithms = digestClasses;
    signed.SignatureAlgorithms = verifyingClasses(own.x509.publicKey);
    signed.loadSignature(signature.toString());
    let isWhole: boolean;
    try {
      isWhole = signed.checkSignature(text);
    } catch (error) {
      if (error instanceof Error && /^invalid signature/.test(error.message))
        throw new SignatureError('SIGNATURE_WRONG', 'the key of the certificate has not made the signature');
      throw error;
    }
    if (!isWhole) throw new SignatureError('CONTENT_CHANGED', 'the document is not the one that was signed');
    return { certificate, ...checkChain(own, certificates, { trust, at }, found) };
  });

/** Several signatures of one document would have to cover each other; no such package is known. */
function theSignature(text: string): Element {
  const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
  const [signature, second] = [...document.getElementsByTagNameNS(XMLDSIG, 'Signature')];
  if (!signature) throw malformed('the document has no signature');
  if (second) throw malformed('the document has more than one signature');
  return signature;
}

const children = (element: Element, name: string): Element[] => [
  ...element.getElementsByTagNameNS(XMLDSIG, name),
];

const childTexts = (element: Element, name: string): string[] =>
  children(element, name).map(({ textContent }) => textContent ?? '');

const algorithmsOf = (element: Element, name: string): string[] =>
  children(element, name).map((one) => one.getAttribute('Algorithm') ?? '');

/** Only strong algorithms, and exactly one reference: to the document as a whole. */
function checkSigned(signature: Element): void {
  const weak = [
    ...algorithmsOf(signature, 'SignatureMethod').filter((uri) => !isAcceptedSignature(uri)),
    ...algorithmsOf(signature, 'DigestMethod').filter((uri) => !isAcceptedDigest(uri)),
    ...algorithmsOf(signature, 'Transform').filter((uri) => !TRANSFORMS.includes(uri)),
    ...algorithmsOf(signature, 'CanonicalizationMethod').filter((uri) => !TRANSFORMS.includes(uri)),
  ];
  if (weak[0] !== undefined)
    throw new SignatureError('ALGORITHM_REFUSED', `algorithm ${weak[0].slice(0, 100)}`);
  const references = children(signature, 'Reference');
  if (references.length !== 1 || references.some((one) => one.getAttribute('URI') !== ''))
    throw new SignatureError('SIGNED_RANGE_WRONG', 'the signature does not cover the document as a whole');
  if (!algorithmsOf(signature, 'Transform').includes(ENVELOPED))
    throw malformed('the signature is not an enveloped one');
}
