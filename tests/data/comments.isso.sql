CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL, notification INTEGER DEFAULT 0);
INSERT INTO threads VALUES (1, '/blog/the-tide/', 'The Tide'), (2, '/blog/gone/', 'Gone');
INSERT INTO comments VALUES (1, 1, NULL, 1500000000.25, NULL, 1, '192.0.2.0', 'So **true** <script>alert(1)</script>', 'Ann of old', 'ann@example.org', NULL, 3, 0, x'00', 0);
INSERT INTO comments VALUES (1, 2, 1, 1500000100.5, 1500000200.5, 1, '192.0.2.0', 'An answer', 'Gustav', NULL, NULL, 0, 0, x'00', 0);
INSERT INTO comments VALUES (1, 3, NULL, 1500000300.0, NULL, 2, '192.0.2.0', 'Not looked over', NULL, NULL, NULL, 0, 0, x'00', 0);
INSERT INTO comments VALUES (2, 4, NULL, 1500000400.0, NULL, 1, '192.0.2.0', 'Where?', 'Gustav', NULL, NULL, 0, 0, x'00', 0);
INSERT INTO comments VALUES (1, 5, NULL, 1500000500.0, NULL, 4, '192.0.2.0', '', NULL, NULL, NULL, 0, 0, x'00', 0);
