// Opens a URL with node-postgres and says whether the connection has TLS; the URL is the only argument.
// Without it there is what stands in the environment.
//
// All host names are those of this machine's loopback.
const dns = require('node:dns')

dns.lookup = (host, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)

const { Client } = require('pg')

const question = "SELECT coalesce(version, 'None') AS tls FROM pg_stat_ssl WHERE pid = pg_backend_pid()"

async function open(url) {
  const client = new Client({ connectionString: url || undefined, connectionTimeoutMillis: 20000 })
  await client.connect()
  try {
    return (await client.query(question)).rows[0].tls
  } finally {
    await client.end()
  }
}

open(process.argv[2]).then(
  (tls) => console.log('TLS:', tls),
  (refusal) => {
    console.log(refusal.message)
    process.exitCode = 3
  }
)
