import { DossierStatus } from '@lienthong/contracts/casework';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import { usage } from '../failure.ts';

/** What staff read, by the national codes. */
const DELIVERY: Record<DeliveryStatus, string> = {
  [DeliveryStatus.UNSPECIFIED]: 'chưa báo',
  [DeliveryStatus.ARRIVED]: '01 đã đến',
  [DeliveryStatus.REFUSED]: '02 từ chối',
  [DeliveryStatus.ACCEPTED]: '03 đã tiếp nhận',
  [DeliveryStatus.ASSIGNED]: '04 phân công',
  [DeliveryStatus.IN_PROGRESS]: '05 đang xử lý',
  [DeliveryStatus.DONE]: '06 hoàn thành',
  [DeliveryStatus.RECALL_REQUESTED]: '13 lấy lại',
  [DeliveryStatus.RECALL_AGREED]: '15 đồng ý',
  [DeliveryStatus.RECALL_REFUSED]: '16 từ chối lấy lại',
};

const DOSSIER: Record<DossierStatus, string> = {
  [DossierStatus.UNSPECIFIED]: '',
  [DossierStatus.REGISTERED]: 'mới đăng ký',
  [DossierStatus.ACCEPTED]: 'được tiếp nhận',
  [DossierStatus.REFUSED]: 'không được tiếp nhận',
  [DossierStatus.IN_PROGRESS]: 'đang xử lý',
  [DossierStatus.SUPPLEMENT_REQUESTED]: 'yêu cầu bổ sung',
  [DossierStatus.PAYMENT_REQUESTED]: 'yêu cầu thanh toán',
  [DossierStatus.WITHDRAWN]: 'công dân rút hồ sơ',
  [DossierStatus.STOPPED]: 'dừng xử lý',
  [DossierStatus.FINISHED]: 'đã xử lý xong',
  [DossierStatus.RESULT_RETURNED]: 'đã trả kết quả',
};

export const deliveryStatusText = (status: DeliveryStatus): string => DELIVERY[status] ?? String(status);
export const dossierStatusText = (status: DossierStatus): string => DOSSIER[status] ?? String(status);

/** "03" or "3". @throws Failure */
export function deliveryStatusOf(code: string): DeliveryStatus {
  const found = Object.values(DeliveryStatus).find((one) => one !== 0 && one === Number(code));
  if (found === undefined || !/^\d{1,2}$/.test(code))
    throw usage(`status ${code} is unknown; it is one of ${Object.values(DELIVERY).slice(1).join(', ')}`);
  return found;
}

/** A moment in Vietnam, to the minute: "2026-01-15 08:00". */
export function timeText(at: Date | undefined): string {
  return at === undefined ? '' : TIME.format(at).replace(',', '');
}
const TIME = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Ho_Chi_Minh',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** Today in Vietnam, "2026-01-15". */
export const today = (): string => timeText(new Date()).slice(0, 10);
