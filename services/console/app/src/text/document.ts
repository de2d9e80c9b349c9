import { DOCUMENT_TYPES } from '@lienthong/contracts/document-types';
import type { routing } from '@lienthong/contracts/json';
import type { Key } from './text.tsx';

type Tone = 'accent' | 'danger' | 'warn' | 'good' | '';

export const STATUS_KEYS: Record<routing.DeliveryStatus, { key: Key; tone: Tone }> = {
  DELIVERY_STATUS_UNSPECIFIED: { key: 'status.sent', tone: 'accent' },
  DELIVERY_STATUS_ARRIVED: { key: 'status.arrived', tone: 'accent' },
  DELIVERY_STATUS_REFUSED: { key: 'status.refused', tone: 'danger' },
  DELIVERY_STATUS_ACCEPTED: { key: 'status.accepted', tone: '' },
  DELIVERY_STATUS_ASSIGNED: { key: 'status.assigned', tone: '' },
  DELIVERY_STATUS_IN_PROGRESS: { key: 'status.inProgress', tone: '' },
  DELIVERY_STATUS_DONE: { key: 'status.done', tone: 'good' },
  DELIVERY_STATUS_RECALL_REQUESTED: { key: 'status.recallRequested', tone: 'warn' },
  DELIVERY_STATUS_RECALL_AGREED: { key: 'status.recallAgreed', tone: '' },
  DELIVERY_STATUS_RECALL_REFUSED: { key: 'status.recallRefused', tone: '' },
};

/** Undefined for what is not urgent. */
export const URGENCY_KEYS: Partial<Record<routing.Urgency, Key>> = {
  URGENCY_URGENT: 'urgency.urgent',
  URGENCY_VERY_URGENT: 'urgency.veryUrgent',
  URGENCY_FLASH: 'urgency.flash',
  URGENCY_FLASH_TIMED: 'urgency.flashTimed',
};

export const typeName = (type: string): string => DOCUMENT_TYPES.get(type) ?? type;

/** "12/KH-UBND". */
export const numberOf = ({ number, notation }: { number: string; notation: string }): string =>
  `${number}/${notation}`;

const UNITS = ['B', 'KB', 'MB'];

/** "1,2 MB". */
export function sizeText(bytes: number, language: string): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = new Intl.NumberFormat(language, { maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0 });
  return `${digits.format(size)} ${UNITS[unit]}`;
}
