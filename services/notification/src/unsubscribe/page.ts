import { escapeHtml } from '../channels/mail-content.ts';

const page = (title: string, ...blocks: readonly string[]): string => `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title></head>
<body style="font-family:sans-serif;line-height:1.5;max-width:40em;margin:2em auto;padding:0 1em">
<h1>${title}</h1>
${blocks.join('\n')}
</body></html>
`;

/** What the mails are about that a page names. */
export const ABOUT = {
  dossier: 'tình trạng hồ sơ của Ông/Bà',
  topic: 'nội dung này; thông báo trong phần mềm vẫn được giữ',
} as const;

/** Only the button changes something: programs that check links open them. */
export const confirmationPage = (token: string, about: string): string =>
  page(
    'Ngừng nhận thư thông báo',
    `<p>Ông/Bà muốn ngừng nhận thư điện tử thông báo về ${escapeHtml(about)}?</p>`,
    `<form method="post" action="?token=${escapeHtml(encodeURIComponent(token))}">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Ngừng nhận thư</button></form>`,
  );

export const donePage = (about: string): string =>
  page(
    'Đã ngừng gửi thư thông báo',
    `<p>Hệ thống không gửi thư điện tử thông báo về ${escapeHtml(about)} đến Ông/Bà nữa.</p>`,
  );

export const unknownPage = page(
  'Liên kết không đúng',
  '<p>Kính đề nghị Ông/Bà mở đúng liên kết ghi trong thư thông báo.</p>',
);

export const expiredPage = page(
  'Liên kết đã hết hạn',
  '<p>Kính đề nghị Ông/Bà dùng liên kết trong thư thông báo mới hơn.</p>',
);

export const incompletePage = page(
  'Yêu cầu chưa đầy đủ',
  '<p>Kính đề nghị Ông/Bà mở liên kết trong thư thông báo rồi bấm “Ngừng nhận thư”.</p>',
);
