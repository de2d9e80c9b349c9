import { type Delivery, DeliveryStatus } from '@lienthong/contracts/routing';
import type { StatusPackage } from '@lienthong/edxml';
import { type Accepted, refusePackage } from '../answer.ts';
import { type Leniency, MESSAGE } from '../domain/places.ts';
import { planReports } from '../domain/status.ts';
import { requestIdOf } from '../request-id.ts';
import type { SystemDeps } from '../system.ts';
import { findByForeignId } from './find.ts';

/** Reports the status of a package, with the steps that it left out. @throws PackageRefused, LienThongError */
export async function receiveStatus(
  edxml: StatusPackage,
  sha256: string,
  leniencies: readonly Leniency[],
  deps: SystemDeps,
): Promise<Omit<Accepted, 'accepted' | 'sha256'>> {
  const { client, clock } = deps;
  if (edxml.statusCode === DeliveryStatus.RECALL_REQUESTED)
    return { ...(await requestRecall(edxml, sha256, deps)), leniencies };
  const held = await findHeld(edxml, deps);
  const { delivery, history } = await client.routing.getDelivery({ deliveryId: held.id });
  const plan = planReports(edxml, { delivery: delivery ?? held, history }, clock.now());
  for (const step of plan.steps)
    await client.routing.reportStatus({
      ...step,
      deliveryId: held.id,
      requestId: requestIdOf('report', held.id, sha256, String(step.status), String(step.late)),
    });
  return {
    documentId: held.documentId,
    repeated: plan.steps.length === 0,
    leniencies: [...leniencies, ...plan.leniencies],
  };
}

/** The sender takes its document back from all recipients. */
async function requestRecall(edxml: StatusPackage, sha256: string, deps: SystemDeps) {
  const { client, system } = deps;
  const found = await findByForeignId(deps, edxml.responseFor.documentId);
  const own = found.find(({ issuerId }) => issuerId === system.agencyId);
  if (!own) throw documentUnknown('has issued');
  await client.routing.recallDocument({
    documentId: own.id,
    reason: edxml.description,
    requestId: requestIdOf('recall', own.id, sha256),
  });
  return { documentId: own.id, repeated: false };
}

/** The delivery of the named document that the agency holds. Refuses: DOCUMENT_UNKNOWN, DOCUMENT_AMBIGUOUS. */
async function findHeld(edxml: StatusPackage, deps: SystemDeps): Promise<Delivery> {
  const { client, system } = deps;
  const held: Delivery[] = [];
  for (const { id } of await findByForeignId(deps, edxml.responseFor.documentId))
    for await (const delivery of client.deliveries({ documentId: id }))
      if (delivery.holder?.agencyId === system.agencyId) held.push(delivery);
  const [one, another] = held;
  if (!one) throw documentUnknown('has received');
  if (another)
    throw refusePackage(
      'DOCUMENT_AMBIGUOUS',
      `${MESSAGE}/ResponseFor/DocumentId`,
      'is the id of several documents that your agency has received; report this status in the platform',
    );
  return one;
}

const documentUnknown = (what: string) =>
  refusePackage(
    'DOCUMENT_UNKNOWN',
    `${MESSAGE}/ResponseFor/DocumentId`,
    `is not the id of a document that your agency ${what}; give the DocumentId of its package`,
  );
