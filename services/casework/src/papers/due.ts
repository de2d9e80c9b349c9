/** A deadline on a paper, with the reason why it is provisional. */
export const dueOnPaper = (write: (at: number) => string, dueAt: number, provisional = false): string =>
  provisional
    ? `${write(dueAt)} (tạm tính, được tính lại khi có quyết định về lịch nghỉ lễ, tết của năm)`
    : write(dueAt);
