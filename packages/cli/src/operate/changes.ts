/** Commands that change one webhook, with their words. */
export const CHANGES = {
  pause: 'tạm ngừng · send nothing for now',
  resume: 'gửi tiếp · go on where it stopped',
  rotate: 'đổi khóa ký · a new secret; the old one signs too for 24 hours',
  delete: 'xóa · delete it',
} as const;
export type Change = keyof typeof CHANGES;
