SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
INSERT INTO public.mark VALUES (1, 'red');
INSERT INTO public.mark VALUES (2, 'blue');
INSERT INTO public.thing VALUES ('00000000-0000-0000-0000-000000000001', NULL, 'glad', 'a', 10.50, 0.1, '2024-02-29 12:00:00.12', '2024-02-29 12:00:00+00', '2024-02-29', '01:02:03', '48:00:05.000007', '{"a": 1, "b": [null, "\u00e9"]}', '\x00ff', true, 4611686018427387904, '', 'Ü');
INSERT INTO public.thing VALUES ('ffffffff-ffff-ffff-ffff-ffffffffffff', '00000000-0000-0000-0000-000000000001', 'Sad', 'b', 0.00, 1e+300, '1969-12-31 23:59:59', '0001-01-01 00:00:00+00', '9999-12-31', '00:00:00', '-03:00:00', 'null', '\x', false, -9223372036854775808, 'x
y', '');
INSERT INTO public.thing VALUES ('00000000-0000-0000-0000-000000000009', NULL, NULL, NULL, 1.00, NULL, '2024-01-01 00:00:00', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL);
INSERT INTO public.link VALUES ('00000000-0000-0000-0000-000000000001', 1);
INSERT INTO public.link VALUES ('00000000-0000-0000-0000-000000000001', 2);
INSERT INTO public.link VALUES ('ffffffff-ffff-ffff-ffff-ffffffffffff', 2);
