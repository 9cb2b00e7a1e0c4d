package dev.wharfinger.runner;

import java.util.regex.Pattern;

/** What people read. */
final class Usage {
  /** Up to the last @ of a word: a password that is not percent-encoded may have one. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("(postgres(?:ql)?://[^:/@\\s]*):\\S*@");

  private static final Pattern PARAMETER =
      Pattern.compile("(?i)(password\\s*=\\s*)('[^']*'|[^&\\s]+)");

  static final String TEXT =
      """
      usage: wharfinger COMMAND ...

      transfer --from sqlite:////absolute/file.db --to postgresql://user[:password]@host[:port]/database
          moves a SQLite database into PostgreSQL: every value exactly, or nothing at all
          --dry-run, --plan      try every value, write nothing
          --report FILE          write the report as JSON, also when the transfer is refused
          --schema existing|derive
                                 existing (default): into the tables that are there, or derived ones
                                 where there are none; derive: make the tables from the source's
          --target-schema NAME   a schema other than the role's first
          --replace-target-rows  rows in the target's tables may go; otherwise they are a reason to refuse
          --replace-former-transfer
                                 that goes for what another transfer brought there too
          --policy KIND[@TABLE[.COLUMN]]=CHOICE
                                 what to do with values or rows that would be refused; repeatable
          --operation UUID       key of the marker in the target; the same operation is never done twice
          --snapshot-dir DIR     copy the source there first and read the copy
          --large auto|always|never
                                 in chunks that are committed one by one and need not be copied again:
                                 from 20 GB on (auto, the default)
          --workers N            how many chunks at a time; default is one for each core, 4 at most
          --chunk-size BYTES     about how much of a table is a chunk; default 67108864
          --progress json        JSON lines on standard output
          --hold [--port 8080]   after the commit keep the source locked until SIGTERM;
                                 GET /ready answers 200 once committed
      transfer --from postgresql://user[:password]@host[:port]/database --to sqlite:////absolute/file.db
          moves the other way: makes the file anew and puts it in the place of the one that is there,
          which is kept under another name
          --dry-run, --report FILE, --operation UUID, --progress json, --hold
                                 as above; --hold keeps writers away from PostgreSQL's tables
          --target-schema NAME   PostgreSQL's schema, if it is not the role's first
          --like FILE            take schema and formats from this file; without it from the file
                                 that is there
          --schema derive        make the tables from PostgreSQL's
          --profile FILE         a report of an earlier move, for the formats of columns
          --format TABLE.COLUMN=FORMAT
                                 the format of a column; repeatable
          --compare FILE         with --dry-run: count rows that only one side has
          --allow-other-sessions go on although other sessions of the role are connected
      rollback --from postgresql://user[:password]@host[:port]/database --to sqlite:////absolute/file.db
          takes the file of before a move to PostgreSQL again as it stands; what was written on
          PostgreSQL since stays behind there
          --dry-run              check the file and count the rows that only one side has
          --target-schema NAME   PostgreSQL's schema, if it is not the role's first
          --report FILE, --operation UUID, --progress json, --hold [--port 8080]
                                 as above
      transfer-abort --to URL --operation UUID [--wait SECONDS]
          makes certain that an operation can never commit (exit 0), or finds that it did (exit 3)
      init-sqlite --directory DIR --database NAME... [--journal-mode WAL|DELETE] [--require NAME...]
          makes the files that are missing (exit 3: not in WAL mode on a network file system)
      probe --to URL [--create] [--result FILE]
          tries a PostgreSQL server layer by layer and says where it ends: 0 it can be used, 1 not now, 2 somebody
          has to mend it; writes nothing. Role and password also from PGUSER and PGPASSWORD
          --create               WHARFINGER_ADMIN_USER, with WHARFINGER_ADMIN_PASSWORD, makes role and database where
                                 they are absent; what exists is never altered
          --result FILE          write what was found as JSON
      migrate-schema --to URL|sqlite:////absolute/file.db --locations DIR
          runs the SQL migrations V1__name.sql ... of a directory: 0 done, 1 not now, 2 somebody has to mend it. The
          migrations before the one that fails stay done
          --placeholder NAME=VALUE
                                 what ${NAME} stands for in the files; repeatable
          --baseline-version V   take a schema of other making for version V
          --repair               take failed entries out of the history and checksums anew, then migrate
          --copy-to FILE         before anything is changed, make a verified copy of the SQLite file
          --content SHA256       refuse other files than those
          --result FILE          write what was done as JSON
      schema-revision --to URL|sqlite:////absolute/file.db [--result FILE]
          says which revision the tables of Alembic, Flyway, Diesel, SeaORM, Django, Prisma or Knex name, and all
          before it; writes nothing there
          --copy-to FILE         make a verified copy of the SQLite file, unless it has nothing in it
          --prune-copies FILE    if that copy is there, delete the oldest of its like until five are left
      change-password --to URL
          gives the role the password of PGPASSWORD, unless it has it: 0 done, 1 not now, 2 it cannot log in. It logs in
          with WHARFINGER_FORMER_PASSWORD for that, and sends no password to the server
      backup --directory DIR --database NAME... --to file:///folder --instance NAME
          writes a set: databases of one instant while the application writes on, and files beside them
          --extra-path NAME      a file or folder of DIR that belongs to the set; repeatable
          --prefix KEY           where in the folder
          --id NAME              what the set is called
          --recipient age1...    encrypt to this public key; repeatable
          --key NAME=FILE        keep a fingerprint of the application's key; repeatable
          --from postgresql://user[:password]@host[:port]/database instead of --directory and --database:
                                 a dump; --programs DIR says where pg_dump of the server's version is
                                 --directory and --extra-path then say which files belong to it
          --scratch DIR          where copies lie until they are stored
          --allow-blocking       the application is stopped, or may wait for a large copy without WAL mode
          --optional-database NAME
                                 a database that is left out where it is not there; repeatable
          --replace-unfinished   remove first what a killed try of this --id left; only where it is surely dead
          --owner WORD           who asks for it: what this one left goes even where only the manifest lacks
          --result FILE          write the most important of the report as JSON of at most 4 KiB
      list --from file:///folder [--prefix KEY]
          the sets that are there, newest first
      verify --from file:///folder --set NAME
          reads every object of a set and compares it (exit 2: damaged)
          --scratch DIR          restore it there for a try; --identity-file FILE where it is encrypted
      drill --from file:///folder --scratch DIR [--set NAME]
          restores the newest completed set, or that one, in DIR for a try, compares all of it, and damages copies to
          see whether that is noticed (exit 2: not proven)
          --to postgresql://user[:password]@host[:port]/database
                                 an empty database for a set of PostgreSQL, where what was restored stays;
                                 --programs DIR, --no-owner
          --identity-file FILE   where it is encrypted; --key NAME=FILE to try the application's key too
          --result FILE          write the most important of the report as JSON of at most 4 KiB
      delete --from file:///folder --set NAME --instance NAME
          deletes a set, if a newer one is there and was read back whole; goes on where that was broken off
      restore --from file:///folder --set NAME --directory DIR
          makes everything of a set anew in an empty directory
          --to postgresql://user[:password]@host[:port]/database instead: in an empty database; --programs DIR,
                                 --no-owner
          --files DIR            where the files of such a set are restored; --no-files leaves them out
          --identity-file FILE   private key of age
          --key NAME=FILE        the application's key that the data need; --without-key NAME where it is lost
          --expect NAME          refuse a set without this database; repeatable
          --once TASK            for whoever says it again until it is done, with the same word each time: a killed
                                 try is begun anew, and what was restored is written down in DIR, or in the
                                 database's comment
          --stage TASK           beside what is in DIR, for swap
          --result FILE          write the most important of the report as JSON of at most 4 KiB
          For all of these: --report FILE, --progress json
          s3://bucket in the place of file:///folder; keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
          --endpoint URL         of a store that is not AWS; --ca-file FILE who signs its certificate
          --region NAME          default us-east-1
          --credentials-dir DIR  the keys as files named as the variables are
          --path-style true|false
                                 the bucket in the path: default with --endpoint
          --part-size MIB        sent at a time; default 16
      swap --directory DIR --stage TASK
          puts what restore --stage has made in the place of what is there, which is kept
          --database NAME        moved away also where the set has none of that name; repeatable
      version, help

      PGPASSWORD is used where the URL has no password.
      Exit codes: 0 done, 1 failed, 2 refused with a report, 64 wrong usage.
      The target is unchanged unless 0, except by migrate-schema and change-password.\
      """;

  private Usage() {}

  /** Without the passwords of URLs and of parameters. */
  static String scrub(String text) {
    String url = CREDENTIALS.matcher(text).replaceAll("$1:***@");
    return PARAMETER.matcher(url).replaceAll("$1***");
  }
}
