UPDATE quotes SET projectName='Filling line, phase 1', updated_at=datetime('now', '-2 minutes') WHERE quoteId='Q-1001';
UPDATE components SET price=299.00, updated_at=datetime('now', '-2 minutes') WHERE sku='VFD-075';
INSERT INTO operational_items(quoteId, sku, description, quantity, unitPrice, totalPrice) VALUES
  ('Q-1001', 'ENC-600', 'Enclosure', 1, 178.40, 178.40);
INSERT INTO manual_quotes(quoteNumber, type, data, customer) VALUES ('M-ACM-1', 'service', '{"hours":8}', 'ACM');
