/** The Vietnamese texts of a drawn workflow. */
import type { WorkingDuration } from '@lienthong/contracts/common';
import { Tier } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import type { LeafNode, ParallelNode } from '../model.ts';

/** Names for the ids in a definition; an id without a name is shown as it is. */
export interface Names {
  agency?(id: string): string | undefined;
  function?(name: string): string | undefined;
  procedure?(code: string): string | undefined;
}

const TIERS: Readonly<Record<number, string>> = {
  [Tier.MINISTRY]: 'bộ, ngành trung ương',
  [Tier.PROVINCE]: 'cơ quan cấp tỉnh',
  [Tier.DEPARTMENT]: 'sở, ban, ngành',
  [Tier.DISTRICT]: 'cơ quan cấp huyện',
  [Tier.COMMUNE]: 'cơ quan cấp xã',
};

export function performerText(performer: Performer | undefined, names: Names): string {
  const who = performer?.performer;
  switch (who?.$case) {
    case 'intake':
      return 'cơ quan tiếp nhận';
    case 'ancestor':
      return TIERS[who.value] ?? 'chưa rõ cơ quan thực hiện';
    case 'function':
      return `cơ quan phụ trách ${names.function?.(who.value) ?? who.value}`;
    case 'competent':
      return 'cơ quan có thẩm quyền';
    case 'competentAncestor':
      return `${TIERS[who.value] ?? 'cơ quan cấp trên'} của cơ quan có thẩm quyền`;
    case 'competentFunction':
      return `cơ quan phụ trách ${names.function?.(who.value) ?? who.value} của cơ quan có thẩm quyền`;
    case 'agencyId':
      return names.agency?.(who.value) ?? `cơ quan ${who.value}`;
    case undefined:
      return 'chưa rõ cơ quan thực hiện';
  }
}

export function durationText(duration: WorkingDuration | undefined): string | undefined {
  const amount = duration?.amount;
  if (amount === undefined) return undefined;
  if (amount.$case === 'halfDays') return `${String(amount.value / 2).replace('.', ',')} ngày làm việc`;
  if (amount.$case !== 'minutes' && amount.value === 0) return 'trong ngày';
  if (amount.$case === 'days') return `${amount.value} ngày làm việc`;
  if (amount.$case === 'calendarDays') return `${amount.value} ngày`;
  const hours = Math.trunc(amount.value / 60);
  const minutes = amount.value % 60;
  const parts = [hours !== 0 && `${hours} giờ`, (minutes !== 0 || hours === 0) && `${minutes} phút`];
  return `${parts.filter(Boolean).join(' ')} làm việc`;
}

export const JOINS: Readonly<Record<ParallelNode['join'], string>> = {
  all: 'Chờ tất cả các nhánh',
  lead: 'Chờ nhánh chủ trì',
  first: 'Chờ nhánh hoàn thành trước',
};

/** The lines of text in the box of a step, consultation, hand-over or sub-procedure. */
export function linesOf(node: LeafNode, names: Names): string[] {
  const performer = (one: Performer | undefined) => performerText(one, names);
  const limit = node.kind === 'sub-procedure' ? undefined : durationText(node.block.timeLimit);
  const lines = (): (string | undefined)[] => {
    switch (node.kind) {
      case 'step':
        return [performer(node.block.performer), limit];
      case 'consultation': {
        const consulted = node.block.consulted.map(performer).join('; ');
        return [`chủ trì: ${performer(node.block.lead)}`, `lấy ý kiến: ${consulted}`, limit];
      }
      case 'hand-over':
        return [
          `${node.block.result ? 'trả kết quả về' : 'chuyển đến'} ${performer(node.block.to)}`,
          limit === undefined ? undefined : `${limit} tại mỗi nơi nhận`,
        ];
      case 'sub-procedure': {
        const code = node.block.procedureCode;
        return [`thủ tục ${names.procedure?.(code) ?? code}`, `tiếp nhận: ${performer(node.block.intake)}`];
      }
    }
  };
  const name = node.block.name === '' ? node.key : node.block.name;
  return [name, ...lines().filter((line) => line !== undefined)];
}
