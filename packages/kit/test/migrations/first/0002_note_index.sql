create unique index note_body on note (body);
insert into note (id, body) values (0, 'made by a migration');
