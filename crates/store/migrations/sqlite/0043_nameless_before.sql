-- Whose person was taken out before that took out the handset too: nothing that stands beside such an incident leads to who carried
-- the handset then. What it was told and asked goes first, for it is found by the handset.
DELETE FROM outbox WHERE message_key IN
  (SELECT 'progress:' || incidents.incident_id FROM incidents WHERE incidents.nameless = TRUE);
DELETE FROM outbox WHERE row_id IN (
  SELECT asked.row_id FROM incidents
  JOIN incident_signals ON incident_signals.incident_id = incidents.incident_id
  JOIN signals ON signals.signal_id = incident_signals.signal_id
  JOIN outbox AS asked ON asked.handset_id = signals.handset_id
  WHERE incidents.nameless = TRUE AND asked.command_id IS NOT NULL
    AND asked.created_at_us >= incidents.opened_at_us
    AND asked.created_at_us <= (SELECT MAX(incident_events.at_us) FROM incident_events
      WHERE incident_events.incident_id = incidents.incident_id));
DELETE FROM outbox WHERE row_id IN (
  SELECT asked.row_id FROM incidents
  JOIN commands ON commands.incident_id = incidents.incident_id
  JOIN outbox AS asked ON asked.handset_id = commands.handset_id AND asked.command_id = commands.command_id
  WHERE incidents.nameless = TRUE);
DELETE FROM outbox WHERE row_id IN (
  SELECT told.row_id FROM incidents
  JOIN incident_signals ON incident_signals.incident_id = incidents.incident_id
  JOIN presses ON presses.signal_id = incident_signals.signal_id
  JOIN outbox AS told ON told.handset_id = presses.handset_id AND told.message_key IN
    ('receipt:' || COALESCE(presses.press_id, ''), 'receipt-of-cancel:' || COALESCE(presses.press_id, ''))
  WHERE incidents.nameless = TRUE AND (told.message_key NOT IN ('receipt:', 'receipt-of-cancel:')
    OR told.created_at_us = presses.received_at_us));
DELETE FROM outbox WHERE message_key IN (
  SELECT 'ask:' || signals.signal_id FROM incidents
  JOIN incident_signals ON incident_signals.incident_id = incidents.incident_id
  JOIN signals ON signals.signal_id = incident_signals.signal_id
  WHERE incidents.nameless = TRUE AND signals.kind = 'fall'
    AND NOT EXISTS (SELECT 1 FROM fall_reports WHERE fall_reports.signal_id = signals.signal_id));

UPDATE presses SET handset_id = '', press_id = NULL, identity = NULL, defects = '[]' WHERE signal_id IN (
  SELECT incident_signals.signal_id FROM incident_signals
  JOIN incidents ON incidents.incident_id = incident_signals.incident_id WHERE incidents.nameless = TRUE);
UPDATE signals SET resident_id = NULL, handset_id = NULL WHERE signal_id IN (
  SELECT incident_signals.signal_id FROM incident_signals
  JOIN incidents ON incidents.incident_id = incident_signals.incident_id WHERE incidents.nameless = TRUE);
DELETE FROM commands WHERE incident_id IN (SELECT incidents.incident_id FROM incidents WHERE incidents.nameless = TRUE);
DELETE FROM withholdings WHERE incident_id IN
  (SELECT incidents.incident_id FROM incidents WHERE incidents.nameless = TRUE);
