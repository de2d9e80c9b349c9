import { DUE, letter, SHORT_DUE } from './en-phrases.ts';
import { type CitizenDefaults, topic } from './shape.ts';

const DOSSIER = 'dossier {dossierCode} ({procedureName})';
const STATUS =
  '{status, select, 1 {registered} 2 {accepted} 3 {not accepted} 4 {in progress} 5 {further papers needed} 6 {payment needed} 7 {withdrawn on request} 8 {stopped} 9 {finished} 10 {result returned} other {changed}}';
const REASON_BY_STATUS =
  '{hasReason, select, true {{status, select, 5 {What is missing: {reason}} 6 {For: {reason}} other {Reason: {reason}}}} other {}}';
const REASON = '{hasReason, select, true {Reason: {reason}} other {}}';
const AMOUNT = '{amountVnd, plural, =0 {} other { of # VND}}';
const COLLECT =
  '{returnWay, select, 2 {The result is sent to you by post.} 3 {Please collect the electronic result as your receipt says.} other {Please come and collect the result at the place that your receipt names.}}';
const NEXT_STEP = `{status, select, 3 {When the reason above is dealt with, please lodge the dossier again. The notice of refusal is given to you where you lodged it.} 5 {Please hand in the papers where you lodged the dossier, or online. The time limit starts from zero when the dossier is complete.} 6 {Please make the payment${AMOUNT} where you lodged the dossier{hasLink, select, true {, or online, with the tracking secret of your receipt, at {link}} other {}}. The dossier is dealt with after that.} 7 {The dossier is closed. Please lodge another one when you need it.} 8 {The time limit is paused. When the dossier is resumed, you are notified of the new time.} 9 {${COLLECT}} other {}}`;
const RECOMPUTED_LATER =
  '{dueProvisional, select, 1 { This time is computed again after the decision on the holidays.} other {}}';
const promise = (label: string, due: string) => `${label} ${due}.${RECOMPUTED_LATER}`;
const promised = (label: string, due: string) => `{hasDueAt, select, true {${promise(label, due)}} other {}}`;
const promisedByStatus = (due: string) =>
  `{hasDueAt, select, true {{status, select, 2 {${promise(PROMISE, due)}} 4 {${promise(PROMISE, due)}} other {}}} other {}}`;
const PROMISE = 'The result is promised for';
const NEW_PROMISE = 'The result is now promised for';
const BEFORE =
  '{hasPreviousDueAt, select, true {It was promised for {previousDueAt, time, short} on {previousDueAt, date, full}.} other {}}';

/** The agencies and officers, and when it was handed in and happened. */
const WHO = [
  '{hasIntakeName, select, true {Received by: {intakeName}{hasReceiverName, select, true {, {receiverName}} other {}}{hasLodgedAt, select, true {; lodged at {lodgedAt, time, short} on {lodgedAt, date, full}} other {}}.} other {}}',
  '{hasAgencyName, select, true {Agency in charge: {agencyName}{hasSolverName, select, true {, {solverName}} other {}}.} other {}}',
  '{hasAt, select, true {As of {at, time, short} on {at, date, full}.} other {}}',
].join('\n');
const SEE =
  '{hasLink, select, true {See your dossier, with the tracking secret of your receipt, at:\n{link}} other {}}';
const SHORT_SEE = '{hasLink, select, true {See {link}} other {}}';

const APOLOGY = `{agencyName} apologises that the result of ${DOSSIER} is not ready in time.`;
const RECOMPUTED = `The deadline of ${DOSSIER} was computed again{hasBasis, select, true { ({basis})} other {}}.`;
const REROUTED = `D${DOSSIER.slice(1)} was moved{hasFromName, select, true { from {fromName}} other {}} to {toName} by a reorganisation{hasEffectiveOn, select, true { of {effectiveOn, date, long}} other {}}. You need not lodge it again.`;

export const citizens: CitizenDefaults = {
  'dossier-status': topic(
    `Dossier {dossierCode}: ${STATUS}`,
    `Status of ${DOSSIER}: ${STATUS}. ${promisedByStatus(DUE)} ${NEXT_STEP}`,
    letter(`Status of ${DOSSIER}: ${STATUS}.`, REASON_BY_STATUS, promisedByStatus(DUE), NEXT_STEP, WHO, SEE),
    `Dossier {dossierCode}: ${STATUS}. ${promisedByStatus(SHORT_DUE)} {status, select, 9 {${COLLECT}} other {}} ${SHORT_SEE} ${REASON_BY_STATUS}`,
  ),
  'dossier-extended': topic(
    'Dossier {dossierCode}: apology and a new date',
    `${APOLOGY} ${promised(NEW_PROMISE, DUE)}`,
    letter(APOLOGY, REASON, `${BEFORE}\n${promised(NEW_PROMISE, DUE)}`, 'Please excuse the delay.', WHO, SEE),
    `{agencyName} apologises that the result of dossier {dossierCode} is not ready in time. ${promised(NEW_PROMISE, SHORT_DUE)} ${SHORT_SEE} ${REASON}`,
  ),
  'dossier-recomputed': topic(
    'Dossier {dossierCode}: the deadline was computed again',
    `${RECOMPUTED} ${promised(PROMISE, DUE)}`,
    letter(RECOMPUTED, `${BEFORE}\n${promised(PROMISE, DUE)}`, WHO, SEE),
    `Dossier {dossierCode}: the deadline was computed again. ${promised(PROMISE, SHORT_DUE)} ${SHORT_SEE}`,
  ),
  'dossier-rerouted': topic(
    'Dossier {dossierCode} was moved to {toName}',
    `${REROUTED} ${promised(PROMISE, DUE)}`,
    letter(REROUTED, promised(PROMISE, DUE), WHO, SEE),
    `Dossier {dossierCode} was moved to {toName}; you need not lodge it again. ${promised(PROMISE, SHORT_DUE)} ${SHORT_SEE}`,
  ),
};
