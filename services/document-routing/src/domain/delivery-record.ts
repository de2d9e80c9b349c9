import type {
  Delivery,
  DeliveryState,
  DeliveryStatus,
  Party,
  PendingChange,
  SignatureState,
} from '@lienthong/contracts/routing';

/** A delivery as commands know it. */
export interface DeliveryRecord {
  id: string;
  documentId: string;
  addressedTo: Party;
  holder: Party;
  sender: Party;
  state: DeliveryState;
  /** The newest status; the one that the API shows. */
  status: DeliveryStatus;
  /** The newest of 01–06: a request to change (13) and its answer (15, 16) do not stop the work. */
  workStatus: DeliveryStatus;
  pending: PendingChange | undefined;
  sentAt: Date;
  statusAt: Date | undefined;
  answeredById: string;
  answeredAt: Date | undefined;
  supersededById: string;
  /** True when the sender recalled or replaced it before it arrived: the recipient never sees it. */
  withdrawn: boolean;
  /** What the check found when the recipient took the document in. */
  signatureState: SignatureState;
  version: number;
}

/** As the API shows it. */
export const toDelivery = ({ workStatus, withdrawn, version, ...shown }: DeliveryRecord): Delivery => ({
  ...shown,
  version: BigInt(version),
});
