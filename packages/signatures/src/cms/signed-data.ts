import * as cms from '@peculiar/asn1-cms';
import { AsnProp, AsnPropTypes, AsnType, AsnTypeTypes } from '@peculiar/asn1-schema';

/** SignedData (RFC 5652, section 5.1). Its certificates are the bytes that were signed, also when those are not exact DER. */
export class SignedData {
  version = cms.CMSVersion.v1;
  digestAlgorithms = new cms.DigestAlgorithmIdentifiers();
  encapContentInfo = new cms.EncapsulatedContentInfo();
  certificates?: ArrayBuffer[];
  crls?: cms.RevocationInfoChoices;
  signerInfos = new cms.SignerInfos();
}
AsnType({ type: AsnTypeTypes.Sequence })(SignedData);
AsnProp({ type: AsnPropTypes.Integer })(SignedData.prototype, 'version');
AsnProp({ type: cms.DigestAlgorithmIdentifiers })(SignedData.prototype, 'digestAlgorithms');
AsnProp({ type: cms.EncapsulatedContentInfo })(SignedData.prototype, 'encapContentInfo');
const optional = { implicit: true, optional: true };
AsnProp({ type: AsnPropTypes.Any, repeated: 'set', context: 0, ...optional })(
  SignedData.prototype,
  'certificates',
);
AsnProp({ type: cms.RevocationInfoChoices, context: 1, ...optional })(SignedData.prototype, 'crls');
AsnProp({ type: cms.SignerInfos })(SignedData.prototype, 'signerInfos');
