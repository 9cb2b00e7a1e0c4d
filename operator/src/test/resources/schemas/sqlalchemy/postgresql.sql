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
CREATE TYPE public.mood AS ENUM (
    'glad',
    'Sad'
);
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.link (
    thing_id uuid NOT NULL,
    mark_id integer NOT NULL
);
CREATE TABLE public.mark (
    id integer NOT NULL,
    name character varying(20) NOT NULL
);
CREATE SEQUENCE public.mark_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.mark_id_seq OWNED BY public.mark.id;
CREATE TABLE public.thing (
    id uuid NOT NULL,
    parent_id uuid,
    mood public.mood,
    plain character varying(1),
    price numeric(12,2) NOT NULL,
    ratio double precision,
    made timestamp without time zone DEFAULT now(),
    seen timestamp with time zone,
    day date,
    clock time without time zone,
    lasts interval,
    doc json,
    raw bytea,
    live boolean NOT NULL,
    big bigint,
    text text,
    uni character varying(30),
    CONSTRAINT plain_kind CHECK (((plain)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))),
    CONSTRAINT price_positive CHECK ((price >= (0)::numeric))
);
ALTER TABLE ONLY public.mark ALTER COLUMN id SET DEFAULT nextval('public.mark_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('1975ea83b712');
SELECT pg_catalog.setval('public.mark_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (thing_id, mark_id);
ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_name_key UNIQUE (name);
ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.thing
    ADD CONSTRAINT thing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.thing
    ADD CONSTRAINT thing_uni_day_key UNIQUE (uni, day);
CREATE INDEX thing_live ON public.thing USING btree (day) WHERE live;
ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_mark_id_fkey FOREIGN KEY (mark_id) REFERENCES public.mark(id);
ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_thing_id_fkey FOREIGN KEY (thing_id) REFERENCES public.thing(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.thing
    ADD CONSTRAINT thing_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.thing(id);
