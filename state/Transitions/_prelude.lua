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

local function integer(n) return string.format('%.0f', n) end
local function get(field) return redis.call('HGET', record, field) end
local state, epoch = get('state'), get('epoch')

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
  redis.call('HSET', record, 'updated', integer(now), ...)
  local version = redis.call('HINCRBY', record, 'version', 1)
  note_change()
  redis.call('PUBLISH', channel, actor .. '|' .. integer(version) .. '|' .. get('state') .. '|' .. get('epoch'))
  return answer('ok')
end

-- Where the actor rests when its activation comes to nothing: its newest snapshot, or golden. Answers the state and whether
-- an upload is still wanted: not of what the store has, nor of what never was.
local function resting()
  if get('snap') ~= '' and get('snap_stored') == '0' then return PAUSED, get('upload') end
  return SUSPENDED, '0'
end

local function in_transit() return state == SUSPENDING or state == PAUSING end
