//! What is done on the server, each in one step that nothing comes between.
//!
//! All times are the server's, in milliseconds since 1970.

use std::sync::LazyLock;

use redis::Script;

const NOW: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
";

fn timed(code: &str) -> Script {
    Script::new(&format!("{NOW}{code}"))
}

/// Keys: the mark, the fingerprint, and leases. Arguments: holder, time to live, quiet time,
/// fingerprint. Takes all leases or none, and returns what and how long:
/// 1 they are held; 0 somebody else holds one; -1 another key of the hashes is in use here; -2 the
/// server may have forgotten what was sent so short a time ago.
pub(crate) static HOLD: LazyLock<Script> = LazyLock::new(|| {
    timed(
        "
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local mark = redis.call('GET', KEYS[1])
local known, since
if mark then known, since = string.match(mark, '^(%w+) (%d+)$') end
since = tonumber(since)
if known ~= run or since > now then
  since = now
  redis.call('SET', KEYS[1], run .. ' ' .. string.format('%.0f', now))
end
local theirs = redis.call('GET', KEYS[2])
if theirs and theirs ~= ARGV[4] then return {-1, 0} end
if not theirs then redis.call('SET', KEYS[2], ARGV[4]) end
local quiet = since + tonumber(ARGV[3]) - now
if quiet > 0 then return {-2, quiet} end
for i = 3, #KEYS do
  local holder = redis.call('GET', KEYS[i])
  if holder and holder ~= ARGV[1] then return {0, redis.call('PTTL', KEYS[i])} end
end
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return {1, 0}
",
    )
});

/// Keys: leases. Arguments: holder, time to live. Returns how many are not the holder's any more.
pub(crate) static RENEW: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "
local lost = 0
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  else
    lost = lost + 1
  end
end
return lost
",
    )
});

/// Keys: a lease and its note, for each person. Arguments: holder, how long the note lasts, how long
/// it is kept after that, whether it has a memo, the memo. Returns 1, or 0 and does nothing if one is
/// not the holder's.
pub(crate) static INTEND: LazyLock<Script> = LazyLock::new(|| {
    timed(
        "
for i = 1, #KEYS, 2 do
  if redis.call('GET', KEYS[i]) ~= ARGV[1] then return 0 end
end
for i = 2, #KEYS, 2 do
  redis.call('HSET', KEYS[i], 'at', string.format('%.0f', now), 'lasts', ARGV[2])
  if ARGV[4] == '1' then redis.call('HSET', KEYS[i], 'memo', ARGV[5]) end
  if redis.call('HEXISTS', KEYS[i], 'memo') == 1 then
    redis.call('PERSIST', KEYS[i])
  else
    redis.call('PEXPIRE', KEYS[i], ARGV[2] + ARGV[3])
  end
end
return 1
",
    )
});

/// Keys: notes. Returns for each how much of it is left, or -1, and its memo. If the clock went back
/// since, the whole time is left again.
pub(crate) static INTENTS: LazyLock<Script> = LazyLock::new(|| {
    timed(
        "
local found = {}
for i = 1, #KEYS do
  local note = redis.call('HMGET', KEYS[i], 'at', 'lasts', 'memo')
  local left = -1
  if note[1] then
    local at, lasts = tonumber(note[1]), tonumber(note[2])
    left = lasts
    if at <= now then left = math.max(0, at + lasts - now) end
  end
  found[i] = {left, note[3]}
end
return found
",
    )
});

/// Keys: a lease and its note, for each person. Arguments: holder, and for each whether it is settled.
/// Lets go of what is the holder's, and forgets what is settled.
pub(crate) static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "
for i = 1, #KEYS, 2 do
  if redis.call('GET', KEYS[i]) == ARGV[1] then
    if ARGV[1 + (i + 1) / 2] == '1' then redis.call('DEL', KEYS[i + 1]) end
    redis.call('DEL', KEYS[i])
  end
end
return 1
",
    )
});

/// Keys: a cell. Returns the time and what is in it.
pub(crate) static READ: LazyLock<Script> =
    LazyLock::new(|| timed("return {now, redis.call('HGET', KEYS[1], 'value')}"));

/// Keys: a cell. Arguments: whether something was in it, what, what is to be in it, for how long, and
/// what tells this change from all others. Returns 0 if something else is in it by now, 1 also if this
/// change was made before.
pub(crate) static WRITE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "
if redis.call('HGET', KEYS[1], 'change') == ARGV[5] then return 1 end
local known = redis.call('HGET', KEYS[1], 'value')
local is_same = (not known and ARGV[1] == '0') or (known and ARGV[1] == '1' and known == ARGV[2])
if not is_same then return 0 end
redis.call('HSET', KEYS[1], 'value', ARGV[3], 'change', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
",
    )
});

/// Keys: a token. Returns what is kept of it.
pub(crate) static LOAD: LazyLock<Script> = LazyLock::new(|| Script::new("return redis.call('GET', KEYS[1])"));

/// Keys: a token and its room. Arguments: what is to be kept. The room is given up first, since a server
/// whose memory is full lets a script go on that has begun by that.
pub(crate) static SAVE: LazyLock<Script> =
    LazyLock::new(|| Script::new("redis.call('DEL', KEYS[2]) redis.call('SET', KEYS[1], ARGV[1]) return 1"));

/// Keys: a token's room. Arguments: what fills it, and for how many seconds it is kept.
pub(crate) static MAKE_ROOM: LazyLock<Script> =
    LazyLock::new(|| Script::new("redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) return 1"));
