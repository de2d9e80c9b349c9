/** As enum values of the contracts, by the words of NĐ 30/2020. */
export const URGENCIES = { thuong: 1, khan: 2, 'thuong-khan': 3, 'hoa-toc': 4 } as const;
