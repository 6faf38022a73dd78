-- Shared by every transition of an actor record. Each runs atomically on the keys of one hash tag:
--   KEYS[1] the record (hash)      KEYS[2] its snapshots (sorted set by epoch)
--   KEYS[3] the change log of its part (sorted set of actors by number of change)      KEYS[4] the counters of that log
--   ARGV[1] the event channel      ARGV[2] the actor as atespace/name      ARGV[3...] the transition's own
-- A transition answers a flat list: an outcome, then the fields of the record as it is afterwards.
-- Outcomes: ok | missing | exists | state (not allowed from this state) | epoch (fenced by a newer one) | pinned (its only copy is elsewhere)
local RESUMING, RUNNING, SUSPENDING, SUSPENDED, PAUSING, PAUSED = '1', '2', '3', '4', '5', '6'
local record, snapshots, channel, actor = KEYS[1], KEYS[2], ARGV[1], ARGV[2]

-- The store's clock decides every deadline, so that the clocks of the machines need not agree.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- A record is small so that a million of them are: fields have short names, and one that holds its default ('' or 0) is absent.
-- Scripts use the long names. A name that is not here is stored as it is. ActorHash reads the short ones.
local SHORT = {
  state = 's', epoch = 'e', version = 'v', template = 't', uid = 'i', selector = 'l', created = 'c', updated = 'u', node = 'n',
  endpoint = 'p', claim = 'k', deadline = 'd', reason = 'r', wake = 'w', upload = 'o', snap = 'x', snap_node = 'y', snap_stored = 'z',
  snap_bytes = 'b', labels = 'a',
}
local ZERO = { version = true, deadline = true, wake = true, upload = true, snap_stored = true, snap_bytes = true }
local spread = table.unpack or unpack

local function integer(n) return string.format('%.0f', n) end
local function get(field) return redis.call('HGET', record, SHORT[field] or field) or (ZERO[field] and '0' or '') end
local known = redis.call('HMGET', record, 's', 'e')
local state, epoch = known[1], known[2]

local function answer(outcome)
  local reply = redis.call('HGETALL', record)
  table.insert(reply, 1, outcome)
  return reply
end

-- Notes in the log that this actor has changed. An actor is there once, at its newest change; who asks for changes since a number
-- that is at or above 'floor' gets all of them. 'born' tells one life of the log from the next, for instance after the store was emptied.
local MOST_CHANGES = 1024
local function note_change()
  local number = redis.call('HINCRBY', KEYS[4], 'number', 1)
  if number == 1 then redis.call('HSET', KEYS[4], 'born', time[1] .. time[2]) end
  redis.call('ZADD', KEYS[3], number, actor)
  if redis.call('ZCARD', KEYS[3]) > MOST_CHANGES then
    local oldest = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
    redis.call('HSET', KEYS[4], 'floor', integer(tonumber(oldest[2])))
    redis.call('ZREM', KEYS[3], oldest[1])
  end
end

-- Writes the given fields, counts the version and tells everyone who listens; messages are hints only.
local function commit(...)
  local set, drop = {'HSET', record, 'u', integer(now)}, {'HDEL', record}
  for i = 1, select('#', ...), 2 do
    local field, value = select(i, ...)
    if value == '' or value == '0' then
      drop[#drop + 1] = SHORT[field] or field
    else
      set[#set + 1] = SHORT[field] or field
      set[#set + 1] = value
    end
  end
  redis.call(spread(set))
  if #drop > 2 then redis.call(spread(drop)) end
  local version = redis.call('HINCRBY', record, 'v', 1)
  local now_is = redis.call('HMGET', record, 's', 'e')
  note_change()
  redis.call('PUBLISH', channel, actor .. '|' .. integer(version) .. '|' .. now_is[1] .. '|' .. now_is[2])
  return answer('ok')
end

-- Where the actor rests when its activation comes to nothing: its newest snapshot, or golden. Answers the state and whether
-- an upload is still wanted: not of what the store has, nor of what never was.
local function resting()
  if get('snap') ~= '' and get('snap_stored') == '0' then return PAUSED, get('upload') end
  return SUSPENDED, '0'
end

local function in_transit() return state == SUSPENDING or state == PAUSING end
