import { DossierStatus } from '@lienthong/contracts/casework';
import { momentInSentence, PROVISIONAL } from '@lienthong/working-time';

/** The deadline of an event's dossier or task. */
export interface Due {
  dueAt?: Date;
  dueProvisional?: boolean;
}

/** `17 giờ 00 phút, thứ Ba, ngày 02/3/2027 (tạm tính)`; '' without a deadline. */
export const dueVi = ({ dueAt, dueProvisional }: Due = {}): string => {
  if (dueAt === undefined) return '';
  const moment = momentInSentence(dueAt.getTime());
  return dueProvisional ? `${moment} ${PROVISIONAL}` : moment;
};

/** `1.250.000 đồng`. */
export const amountVi = (vnd: bigint): string => `${String(vnd).replace(/\B(?=(\d{3})+$)/g, '.')} đồng`;

/** ` qua Cổng thanh toán`; '' for a payment at the one-stop unit. */
export const through = (provider = ''): string => (provider === '' ? '' : ` qua ${provider}`);

/** What citizens and staff read for a national status (TT 01/2018/TT-VPCP). */
export const STATUS_VI: Readonly<Record<DossierStatus, string>> = {
  [DossierStatus.UNSPECIFIED]: '',
  [DossierStatus.REGISTERED]: 'Mới đăng ký',
  [DossierStatus.ACCEPTED]: 'Được tiếp nhận',
  [DossierStatus.REFUSED]: 'Không được tiếp nhận',
  [DossierStatus.IN_PROGRESS]: 'Đang xử lý',
  [DossierStatus.SUPPLEMENT_REQUESTED]: 'Yêu cầu bổ sung giấy tờ',
  [DossierStatus.PAYMENT_REQUESTED]: 'Yêu cầu thực hiện nghĩa vụ tài chính',
  [DossierStatus.WITHDRAWN]: 'Công dân yêu cầu rút hồ sơ',
  [DossierStatus.STOPPED]: 'Dừng xử lý',
  [DossierStatus.FINISHED]: 'Đã xử lý xong',
  [DossierStatus.RESULT_RETURNED]: 'Đã trả kết quả',
};
