import { LienThongError, Status } from '@lienthong/client';
import { DeliveryState, DeliveryStatus } from '@lienthong/contracts/routing';
import { requestIdOf } from '../request-id.ts';
import type { SystemDeps } from '../system.ts';

/** True when the delivery is in the agency's hands; false when its document goes back, or was taken back. */
export async function reportArrival(deliveryId: string, { client }: SystemDeps): Promise<boolean> {
  try {
    const { delivery } = await client.routing.getDelivery({ deliveryId });
    if (delivery?.status !== DeliveryStatus.UNSPECIFIED) return delivery?.state !== DeliveryState.REFUSED;
    const reported = await client.routing.reportStatus({
      deliveryId,
      status: DeliveryStatus.ARRIVED,
      requestId: requestIdOf('arrived', deliveryId),
    });
    return reported.delivery?.status === DeliveryStatus.ARRIVED;
  } catch (error) {
    if (!(error instanceof LienThongError)) throw error;
    if (error.code === Status.NOT_FOUND) return false;
    // Somebody of the agency has reported a status meanwhile.
    if (error.code === Status.FAILED_PRECONDITION) return true;
    throw error;
  }
}
